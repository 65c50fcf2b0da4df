using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Operators;

/// <summary><c>/metrics</c>: the product's own meters, and the process's figures.</summary>
/// <remarks>No token is asked for: there is no API server to check one with.</remarks>
public sealed class MetricsServer(int port, ILoggerFactory loggers) : WebServer("/metrics", port, loggers)
{
    private const string OwnMeters = "Orleans.Inference";

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);

        // Meters are listened to from the first exposition on; what was counted before it would be missing.
        await Prometheus.Metrics.DefaultRegistry.CollectAndExportAsTextAsync(Stream.Null, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Map(WebApplication app)
    {
        // Only what is exposed is measured: an instrument nobody listens to costs next to nothing, and Orleans and ASP.NET have hundreds.
        Prometheus.Metrics.SuppressDefaultMetrics(new() { SuppressEventCounters = true });
        Prometheus.Metrics.ConfigureMeterAdapter(adapter =>
        {
            adapter.InstrumentFilterPredicate = instrument => instrument.Meter.Name.StartsWith(OwnMeters, StringComparison.Ordinal);

            // The longest that is taken: a series that ends while it is idle begins again at zero.
            adapter.MetricsExpireAfter = TimeSpan.FromDays(1);
        });
        app.MapMetrics();
    }
}
