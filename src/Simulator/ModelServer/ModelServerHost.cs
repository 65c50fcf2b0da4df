using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orleans.Inference.Simulator.ModelServer.Api;

namespace Orleans.Inference.Simulator.ModelServer;

/// <summary>All simulated model servers of a process: one Kestrel with a listener for each.</summary>
internal sealed class ModelServerHost : IAsyncDisposable
{
    // A prompt of a million tokens is some megabytes; the largest bodies that tests send must get through to a clear answer.
    private const long LargestBody = 256 * 1024 * 1024;

    private readonly WebApplication _app;
    private readonly SimulatedServer[] _servers;
    private FrozenDictionary<IPEndPoint, SimulatedServer> _byEndPoint = FrozenDictionary<IPEndPoint, SimulatedServer>.Empty;

    private ModelServerHost(WebApplication app, SimulatedServer[] servers)
    {
        _app = app;
        _servers = servers;
    }

    /// <summary>Where the servers listen, in order.</summary>
    public IReadOnlyList<SimulatedServer> Servers => _servers;

    public static async Task<ModelServerHost> StartAsync(ModelServerOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            for (var i = 0; i < options.Count; i++)
            {
                kestrel.Listen(options.EndPoint(i), listen => listen.Protocols = HttpProtocols.Http1);
            }
        });
        var servers = new SimulatedServer[options.Count];
        for (var i = 0; i < servers.Length; i++)
        {
            servers[i] = new SimulatedServer(options, i, time);
        }

        var host = new ModelServerHost(builder.Build(), servers);
        host._app.Run(host.HandleAsync);
        await host._app.StartAsync(cancellationToken);
        host.NameServers();
        return host;
    }

    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        foreach (var server in _servers)
        {
            server.Dispose();
        }
    }

    private void NameServers()
    {
        // Listeners are bound in the order of the configuration; port 0 has become a real one.
        var addresses = _app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var byEndPoint = new Dictionary<IPEndPoint, SimulatedServer>();
        foreach (var (address, server) in addresses.Zip(_servers))
        {
            var uri = new Uri(address);
            server.Name = $"{uri.Host}:{uri.Port}";
            byEndPoint.Add(new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port), server);
        }

        _byEndPoint = byEndPoint.ToFrozenDictionary();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var connection = context.Connection;
        if (!_byEndPoint.TryGetValue(new IPEndPoint(connection.LocalIpAddress!, connection.LocalPort), out var server))
        {
            // Between the start of the listeners and the naming of the servers.
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        context.Response.Headers["x-simulator-server"] = server.Name;
        try
        {
            await ModelServerRoutes.RouteAsync(context, server);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has left; its sequences are cancelled.
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException e)
        {
            // Too large a body, or one that ended early.
            await new ApiError(e.StatusCode, "Bad Request", e.Message).WriteAsync(context);
        }
    }
}
