using Envoy.Extensions.Filters.Http.ExtProc.V3;
using Envoy.Service.ExtProc.V3;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Orleans.Inference.Simulator.ExtProc;

namespace Orleans.Inference.Simulator.Proxy;

/// <summary>The proxy: an HTTP/1.1 server that asks a picker about every request.</summary>
internal sealed class ProxyHost : IAsyncDisposable
{
    private const ProcessingMode.Types.BodySendMode FullDuplex = ProcessingMode.Types.BodySendMode.FullDuplexStreamed;

    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;
    private readonly ExternalProcessor.ExternalProcessorClient _picker;
    private readonly ILogger _logger;
    private readonly Upstream _upstream = new();

    private ProxyHost(WebApplication app, ProxyOptions options)
    {
        _app = app;
        _logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Proxy");
        _channel = ExtProcChannel.Open(options.ExtProc, options.VerifyCertificate, options.Authority);
        _picker = new ExternalProcessor.ExternalProcessorClient(_channel);
    }

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<ProxyHost> StartAsync(ProxyOptions options, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // Limits are the picker's and the model servers' business.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(options.Address, options.Port);
        });
        var host = new ProxyHost(builder.Build(), options);
        host._app.Run(host.HandleAsync);
        await host._app.StartAsync(cancellationToken);
        return host;
    }

    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _channel.Dispose();
        _upstream.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var protocol = new ProtocolConfiguration { RequestBodyMode = FullDuplex, ResponseBodyMode = FullDuplex };
        var metadata = new Metadata
        {
            { "x-envoy-internal", "true" },
            { "x-forwarded-for", context.Connection.RemoteIpAddress?.ToString() ?? "127.0.0.1" },
        };
        using var stream = new ExtProcStream(_picker, protocol, metadata, CancellationToken.None);
        using var request = new ProxiedRequest(context, stream, _upstream);
        if (await request.RunAsync() is { } failure)
        {
            ProxyLog.RequestFailed(_logger, context.Request.Method, context.Request.Path, failure);
        }
    }
}
