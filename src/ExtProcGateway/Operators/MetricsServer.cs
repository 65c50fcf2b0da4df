using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Operators.Access;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Operators;

/// <summary><c>/metrics</c>: what the host's registry has; and what operators look into beside it.</summary>
/// <param name="gate">Whom it is served to; disposed with the server.</param>
/// <param name="plugins">What <c>/debug/plugins/state</c> tells; null where there is no front-end in the process.</param>
/// <param name="pprof">Say at <c>/debug/pprof/</c> what to use instead.</param>
internal sealed class MetricsServer(int port, CollectorRegistry registry, MetricsGate gate, PluginStates? plugins, bool pprof, ILoggerFactory loggers)
    : WebServer("/metrics", port, loggers)
{
    private const string InsteadOfPprof =
        """
        This is a .NET process: there are no Go profiles here. Use instead, in its container or against its process id:
          dotnet-counters monitor -p PID     CPU, garbage collection, thread pool, live
          dotnet-trace collect -p PID        CPU profile, for speedscope, PerfView or Visual Studio
          dotnet-gcdump collect -p PID       what is on the heap
          dotnet-stack report -p PID         all stacks, as of now

        """;

    /// <summary>The server that the flags describe.</summary>
    public static MetricsServer Of(ProcessOptions options, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(options);
        var loggers = services.GetRequiredService<ILoggerFactory>();
        var gate = MetricsGate.Of(options, services.GetRequiredService<TimeProvider>(), loggers);
        return new MetricsServer(options.Operator.MetricsPort, services.GetRequiredService<CollectorRegistry>(), gate, services.GetService<PluginStates>(), options.Operator.EnablePprof, loggers);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        gate.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void AddServices(IServiceCollection services)
    {
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true; // nothing on these pages is secret that a reader could guess at by their length
            compression.Providers.Add<GzipCompressionProvider>(); // the one encoding that scrapers ask for
            compression.MimeTypes = ["text/plain", "application/openmetrics-text", "application/json"];
        });

        // Pages of metrics repeat themselves: of 27 MB of histograms the fastest level made 1.8 MB in 15 ms, the default one 1.1 MB in 70 ms.
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
    }

    /// <inheritdoc/>
    protected override void Listen(ListenOptions listener) => gate.Apply(listener);

    /// <inheritdoc/>
    protected override void Map(WebApplication app)
    {
        gate.Apply(app);
        app.UseResponseCompression();
        app.MapMetrics("/metrics", registry);
        if (plugins is not null)
        {
            app.MapGet("/debug/plugins/state", (RequestDelegate)(context =>
            {
                context.Response.ContentType = "application/json";
                return context.Response.Body.WriteAsync(plugins.Write(), context.RequestAborted).AsTask();
            }));
        }

        if (pprof)
        {
            app.MapGet("/debug/pprof/{**profile}", (RequestDelegate)(context =>
            {
                context.Response.StatusCode = StatusCodes.Status501NotImplemented;
                context.Response.ContentType = "text/plain; charset=utf-8";
                return context.Response.WriteAsync(InsteadOfPprof, context.RequestAborted);
            }));
        }
    }
}
