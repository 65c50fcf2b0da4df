using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Saturation;

/// <summary>
/// <c>utilization-detector</c>: how full a pool is, by the queues and KV caches of its servers. As a filter it keeps fresh servers that are below both thresholds; all where none is.
/// </summary>
/// <remarks>Immutable; safe from any thread.</remarks>
public sealed class UtilizationDetector : ISaturationDetector, IFilter, IStaleAfter
{
    private readonly double _queueThreshold;
    private readonly double _kvThreshold;
    private readonly double _queueLimit;
    private readonly double _kvLimit;
    private readonly TimeSpan _staleAfter;
    private readonly long _stalenessMilliseconds;

    /// <summary>One with the reference picker's defaults.</summary>
    public UtilizationDetector()
        : this(new UtilizationDetectorParameters())
    {
    }

    /// <summary>One with these parameters.</summary>
    public UtilizationDetector(UtilizationDetectorParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _queueThreshold = parameters.QueueDepthThreshold;
        _kvThreshold = parameters.KvCacheUtilThreshold;
        _queueLimit = _queueThreshold * (1 + parameters.Headroom);
        _kvLimit = _kvThreshold * (1 + parameters.Headroom);
        _staleAfter = parameters.MetricsStalenessThreshold;
        _stalenessMilliseconds = (long)_staleAfter.TotalMilliseconds;
    }

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<UtilizationDetector, UtilizationDetectorParameters>(
        "utilization-detector",
        (parameters, context) =>
        {
            Headroom.Check(parameters.Headroom, context);
            return new(parameters);
        }) with
    {
        Summary = "Says how full a pool is by queues and KV caches: from 1 on, requests with a priority below 0 are shed. As a filter, keeps fresh servers below both thresholds; all where none is.",
        Formula = "mean over the servers of max(queued / queueDepthThreshold, KV usage / kvCacheUtilThreshold); a server with stale figures counts 1, no servers count 1",
        Example = """
            - type: utilization-detector
              parameters:
                queueDepthThreshold: 10
                metricsStalenessThreshold: 500ms
            """,
    };

    TimeSpan IStaleAfter.StaleAfter => _staleAfter;

    /// <inheritdoc/>
    public double Saturation(in PickContext context, ReadOnlySpan<int> servers)
    {
        if (servers.IsEmpty)
        {
            return 1;
        }

        var sum = 0.0;
        var queued = context.View.Queued;
        var kv = context.View.KvUsage;
        var sampledAt = context.View.SampledAt;
        var oldest = context.Now - _stalenessMilliseconds;
        foreach (var server in servers)
        {
            // A server that was never scraped has the smallest of all times.
            sum += sampledAt[server] < oldest ? 1 : Math.Max(queued[server] / _queueThreshold, kv[server] / _kvThreshold);
        }

        return sum / servers.Length;
    }

    /// <inheritdoc/>
    public int Keep(in PickContext context, Span<int> candidates)
    {
        var queued = context.View.Queued;
        var kv = context.View.KvUsage;
        var sampledAt = context.View.SampledAt;
        var oldest = context.Now - _stalenessMilliseconds;
        var kept = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            var server = candidates[i];
            if (sampledAt[server] >= oldest && queued[server] < _queueLimit && kv[server] < _kvLimit)
            {
                // Exchanged, not overwritten: where none is kept, all are.
                (candidates[kept], candidates[i]) = (server, candidates[kept]);
                kept++;
            }
        }

        return kept == 0 ? candidates.Length : kept;
    }
}
