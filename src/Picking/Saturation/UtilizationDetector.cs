namespace Orleans.Inference.Picking.Saturation;

/// <summary>How full a pool is, by the queues and KV caches of its servers: the reference pickers' <c>utilization-detector</c> with its defaults.</summary>
/// <remarks>Immutable; safe from any thread.</remarks>
public sealed class UtilizationDetector
{
    /// <summary>Requests waiting at which a server counts as full.</summary>
    public double QueueDepthThreshold { get; init; } = 5;

    /// <summary>Part of the KV cache in use at which a server counts as full.</summary>
    public double KvCacheThreshold { get; init; } = 0.8;

    /// <summary>Figures that are older count as those of a full server.</summary>
    public TimeSpan Staleness { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Mean over the servers of max(queue / threshold, KV usage / threshold), a server with stale figures counting 1: from 1 on the servers are saturated. No servers: 1.
    /// </summary>
    /// <param name="servers">Indexes into the view.</param>
    /// <param name="now">Milliseconds of the clock of <see cref="PoolView.SampledAt"/>.</param>
    public double Saturation(PoolView view, ReadOnlySpan<int> servers, long now)
    {
        ArgumentNullException.ThrowIfNull(view);
        if (servers.IsEmpty)
        {
            return 1;
        }

        var sum = 0.0;
        var queued = view.Queued;
        var kv = view.KvUsage;
        var sampledAt = view.SampledAt;
        var oldest = now - (long)Staleness.TotalMilliseconds;
        foreach (var server in servers)
        {
            // A server that was never scraped has the smallest of all times.
            sum += sampledAt[server] < oldest ? 1 : Math.Max(queued[server] / QueueDepthThreshold, kv[server] / KvCacheThreshold);
        }

        return sum / servers.Length;
    }
}
