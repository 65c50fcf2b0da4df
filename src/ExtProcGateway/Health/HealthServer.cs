using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orleans.Inference.ExtProcGateway.Hosting;

namespace Orleans.Inference.ExtProcGateway.Health;

/// <summary>The gRPC health port, <c>--grpc-health-port</c>: plain HTTP/2, as probes expect it.</summary>
/// <remarks>Start once, stop once.</remarks>
internal sealed class HealthServer(GatewayOptions options, IHealthSource health, ILoggerFactory loggerFactory) : IAsyncDisposable
{
    /// <summary>How long a call under way may delay the stop.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1);

    private WebApplication? _app;

    /// <summary>The bound port; known after the start.</summary>
    public int Port { get; private set; }

    /// <summary>Binds the port and serves.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggerFactory);
        builder.Services.AddSingleton<IHostLifetime, InnerHostLifetime>();
        builder.Services.AddSingleton(health);
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        ListenOptions? bound = null;
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAnyIP(options.HealthPort, listener =>
        {
            listener.Protocols = HttpProtocols.Http2;
            bound = listener;
        }));
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGrpcService<HealthGrpcService>();
        await _app.StartAsync(cancellation);
        Port = ((IPEndPoint)bound!.EndPoint).Port;
    }

    public async Task StopAsync(CancellationToken cancellation)
    {
        if (_app is not null)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(StopTimeout);
            await _app.StopAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }
}
