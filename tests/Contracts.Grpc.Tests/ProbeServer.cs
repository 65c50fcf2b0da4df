using Contracts.Grpc.Protos;
using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Contracts.Grpc;

/// <summary>A server on a free port of the loopback interface, over HTTP/2 without TLS, and clients of it.</summary>
internal sealed class ProbeServer : IAsyncDisposable
{
    /// <summary>What a test waits for a thing that must happen.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication _application;
    private readonly List<GrpcChannel> _channels = [];

    private ProbeServer(WebApplication application, Uri address)
    {
        _application = application;
        Address = address;
    }

    public Uri Address { get; }

    public HealthService Health => _application.Services.GetRequiredService<HealthService>();

    public static async Task<ProbeServer> StartAsync(
        Action<ProbeBehavior>? behave = null,
        Action<GrpcServiceOptions>? configure = null,
        Action<ListenOptions>? listen = null,
        Action<IGrpcServerBuilder>? services = null)
    {
        var behavior = new ProbeBehavior();
        behave?.Invoke(behavior);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            listen?.Invoke(endpoint);
        }));
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        var grpc = builder.Services.AddGrpc(options => configure?.Invoke(options));
        services?.Invoke(grpc);
        builder.Services.AddSingleton(behavior);
        builder.Services.AddSingleton<HealthService>();
        var application = builder.Build();
        application.UseRouting();
        application.MapGrpcService<ProbeService>();
        application.MapGrpcService<HealthService>();
        await application.StartAsync().WaitAsync(Patience);
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new(application, new Uri(address));
    }

    public GrpcChannel Connect(Action<GrpcChannelOptions>? configure = null)
    {
        var options = new GrpcChannelOptions();
        configure?.Invoke(options);
        var channel = GrpcChannel.ForAddress(Address, options);
        _channels.Add(channel);
        return channel;
    }

    public Probe.ProbeClient CreateClient(Action<GrpcChannelOptions>? configure = null) => new(Connect(configure));

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _application.StopAsync(limit.Token);
        await _application.DisposeAsync();
    }
}
