using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Operators;

/// <summary><c>/metrics</c>: what the host's registry has.</summary>
/// <remarks>No token is asked for: there is no API server to check one with.</remarks>
public sealed class MetricsServer(int port, CollectorRegistry registry, ILoggerFactory loggers) : WebServer("/metrics", port, loggers)
{
    /// <inheritdoc/>
    protected override void Map(WebApplication app) => app.MapMetrics("/metrics", registry);
}
