using Orleans.Inference.ExtProcGateway.Edge;
using Orleans.Inference.ExtProcGateway.Health;

namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>Opens the ext_proc ports with the host, and drains them when it stops.</summary>
internal sealed partial class ExtProcEdgeService(ExtProcEdge edge, HealthService health, GatewayOptions options, ILogger<ExtProcEdgeService> log) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await edge.StartAsync(cancellationToken);
        var security = options.SecureServing ? "TLS" : "plain text";
        Listening(log, edge.Port, security, options.PoolName is { } name ? $"{options.PoolNamespace}/{name}" : "all pools");
        foreach (var (pool, port) in edge.PoolPorts)
        {
            Listening(log, port, security, pool);
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Not ready first, so that gateways send their next requests elsewhere while those in flight finish.
        await health.DrainAsync(cancellationToken);
        Draining(log, edge.StreamCount, options.DrainTimeout);
        await edge.StopAsync(options.DrainTimeout, cancellationToken);
    }

    [LoggerMessage(3010, LogLevel.Information, "ext_proc listens on port {Port} ({Security}) for {Pools}")]
    private static partial void Listening(ILogger log, int port, string security, string pools);

    [LoggerMessage(3011, LogLevel.Information, "ext_proc drains: {Streams} streams in flight may take up to {Limit}")]
    private static partial void Draining(ILogger log, int streams, TimeSpan limit);
}
