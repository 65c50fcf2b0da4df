using Orleans.Inference.ExtProcGateway.Edge;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Health;

namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>Opens the ext_proc ports with the host, and drains them when it stops.</summary>
/// <remarks>The token of the stop means hurry: what is left is ended at once.</remarks>
internal sealed partial class ExtProcEdgeService(ExtProcEdge edge, HealthService health, DrainWait wait, OpenCalls calls, GatewayOptions options, ILogger<ExtProcEdgeService> log) : IHostedService
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
        // 1. Not ready, so that gateways send their next requests elsewhere. What they still send here is served.
        await health.DrainAsync(CancellationToken.None);
        Draining(log, calls.Count, options.DrainTimeout);
        var left = await wait.RunAsync(options.DrainTimeout, cancellationToken);

        // 2. No new connections; GOAWAY on those that are open; streams in flight finish.
        health.EndWatches();
        Closing(log, calls.Count, left);
        await edge.StopAsync(left, cancellationToken);
    }

    [LoggerMessage(3010, LogLevel.Information, "ext_proc listens on port {Port} ({Security}) for {Pools}")]
    private static partial void Listening(ILogger log, int port, string security, string pools);

    [LoggerMessage(3011, LogLevel.Information, "ext_proc drains: no longer ready; {Streams} streams are in flight, and all ends within {Limit}")]
    private static partial void Draining(ILogger log, int streams, TimeSpan limit);

    [LoggerMessage(3012, LogLevel.Information, "ext_proc takes no more streams; {Streams} in flight may take up to {Limit}")]
    private static partial void Closing(ILogger log, int streams, TimeSpan limit);
}
