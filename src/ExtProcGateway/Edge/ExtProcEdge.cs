using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Health;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Http2;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.ExtProcGateway.Edge;

/// <summary>The ext_proc ports: gRPC over our own HTTP/2 on a Kestrel of their own, with or without TLS.</summary>
/// <remarks>
/// ASP.NET Core's HTTP/2 resets every stream whose <c>:authority</c> is no valid host, and gateways send such; see docs/architecture.md. The
/// Kestrel is one of its own for the sake of its transport: receive, turn and send run on one thread, without hops.
/// Start once, stop once; all members are safe from any thread.
/// </remarks>
internal sealed class ExtProcEdge : IAsyncDisposable
{
    /// <summary>Time that peers have to take the last words of streams that are ended by force.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(3);

    private readonly GatewayOptions _options;
    private readonly ILoggerFactory _loggerFactory;
    private readonly TimeProvider _time;
    private readonly EdgeConnections _connections;
    private readonly List<ListenOptions> _listeners = [];
    private readonly Dictionary<string, int> _poolPorts = new(StringComparer.Ordinal);
    private EdgeCertificate? _certificate;
    private WebApplication? _app;

    /// <param name="health">Served beside <paramref name="service"/> when <see cref="GatewayOptions.HealthChecking"/> says so.</param>
    /// <param name="limits">Null takes the defaults.</param>
    /// <param name="calls">Counts the open calls; null where nobody asks.</param>
    /// <param name="held">Counts what the connections hold; null where nobody asks.</param>
    public ExtProcEdge(
        GatewayOptions options,
        IGrpcService service,
        TimeProvider time,
        ILoggerFactory loggerFactory,
        IHealthSource? health = null,
        Http2ConnectionLimits? limits = null,
        OpenCalls? calls = null,
        HeldBytes? held = null)
    {
        if (options.HealthChecking && health is not null)
        {
            service = new HealthEdgeService(health, service);
        }

        _options = options;
        _time = time;
        _loggerFactory = loggerFactory;
        var logger = loggerFactory.CreateLogger<ExtProcEdge>();
        _connections = new EdgeConnections(new GrpcServer(service, options.MaxReceiveMessageSize, options.MaxSendMessageSize, time, logger, calls, held), limits ?? new Http2ConnectionLimits(), time, logger);
    }

    /// <summary>The port that serves <see cref="GatewayOptions.GrpcPort"/>; known after the start.</summary>
    public int Port { get; private set; }

    /// <summary>The ports of pools with one of their own, by <c>namespace/pool</c>; known after the start.</summary>
    public IReadOnlyDictionary<string, int> PoolPorts => _poolPorts;

    /// <summary>Open connections.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Calls in flight.</summary>
    public int StreamCount => _connections.StreamCount;

    /// <summary>Frames read on the connections that are open.</summary>
    public long FramesRead => _connections.FramesRead;

    /// <summary>Binds the ports and serves.</summary>
    /// <exception cref="IOException">A port is taken, or a certificate's file cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The files of the certificate are no pair.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        if (_options.SecureServing)
        {
            _certificate = EdgeCertificate.Load(
                _options.CertPath,
                certificate => _options.Tls.HandshakeOf(certificate, [SslApplicationProtocol.Http2]),
                _options.EnableCertReload,
                _time,
                _loggerFactory.CreateLogger<EdgeCertificate>());
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(_loggerFactory);
        builder.Services.AddSingleton<IHostLifetime, InnerHostLifetime>();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, EdgeMemoryPool.Factory>();

        // How long the stop may take is said by who stops; a host of its own would give up after 30 s.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;
            sockets.WaitForDataBeforeAllocatingBuffer = false;
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxConcurrentConnections = _options.MaxConnections == 0 ? null : _options.MaxConnections;
            Listen(kestrel, _options.GrpcPort);
            foreach (var port in _options.Listen.Values)
            {
                Listen(kestrel, port);
            }
        });
        _app = builder.Build();
        await _app.StartAsync(cancellation);
        _connections.Start();
        Port = PortOf(_listeners[0]);
        foreach (var (pool, listener) in _options.Listen.Keys.Zip(_listeners.Skip(1)))
        {
            _poolPorts.Add(pool, PortOf(listener));
        }
    }

    /// <summary>Tells all peers to open no more streams here; connections close as their last streams end. New connections are still taken, and drained at once.</summary>
    public void BeginDrain() => _connections.BeginDrain();

    /// <summary>Takes no more connections, lets streams in flight go on for up to <paramref name="grace"/>, ends the rest with Unavailable, and closes.</summary>
    /// <param name="cancellation">Ends the grace early.</param>
    public async Task StopAsync(TimeSpan grace, CancellationToken cancellation)
    {
        if (_app is null)
        {
            return;
        }

        BeginDrain();
        using var giveUp = new CancellationTokenSource();
        var stopped = _app.StopAsync(giveUp.Token);
        try
        {
            await stopped.WaitAsync(grace, _time, cancellation);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            _connections.Stop();
            giveUp.CancelAfter(LastWords);
            await stopped;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await StopAsync(TimeSpan.Zero, CancellationToken.None);
            await _app.DisposeAsync();
        }

        _connections.Dispose();
        _certificate?.Dispose();
    }

    private static int PortOf(ListenOptions listener) => listener.IPEndPoint!.Port;

    private void Listen(KestrelServerOptions kestrel, int port) => kestrel.ListenAnyIP(port, listener =>
    {
        if (_certificate is { } certificate)
        {
            listener.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(certificate.Options) });
        }

        listener.Run(_connections.OnConnectedAsync);
        _listeners.Add(listener);
    });
}
