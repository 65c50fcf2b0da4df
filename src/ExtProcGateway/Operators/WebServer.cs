using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orleans.Inference.ExtProcGateway.Hosting;

namespace Orleans.Inference.ExtProcGateway.Operators;

/// <summary>A small HTTP server of its own port, that starts and stops with the host.</summary>
/// <remarks>Each has its own Kestrel, so that what one port serves can't be reached by another.</remarks>
public abstract partial class WebServer(string name, int port, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>The port; a free one was taken where 0 was asked for. Known after the start.</summary>
    public int Port { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="IOException">The port is taken.</exception>
    public virtual async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, InnerHostLifetime>();
        builder.Services.AddRoutingCore();
        AddServices(builder.Services);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenAnyIP(port, Listen);
        });
        _app = builder.Build();
        Map(_app);
        await _app.StartAsync(cancellationToken);
        Port = new Uri(_app.Urls.First().Replace("[::]", "localhost", StringComparison.Ordinal)).Port;
        Listening(loggers.CreateLogger(GetType().FullName!), name, Port);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Adds what <see cref="Map"/> needs.</summary>
    protected virtual void AddServices(IServiceCollection services)
    {
    }

    /// <summary>Sets up the listener; plain HTTP unless this says otherwise.</summary>
    protected virtual void Listen(ListenOptions listener)
    {
    }

    /// <summary>Says what is served.</summary>
    protected abstract void Map(WebApplication app);

    [LoggerMessage(3020, LogLevel.Information, "{Name} listens on port {Port}")]
    private static partial void Listening(ILogger logger, string name, int port);
}
