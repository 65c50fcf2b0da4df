using System.Collections.Concurrent;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking.InFlight;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>The metrics of requests.</summary>
/// <remarks>Safe from any thread.</remarks>
internal sealed class RequestMetrics
{
    /// <summary>Distinct model names, and distinct fairness ids, that get series of their own: both come from clients.</summary>
    public const int NameLimit = 1000;

    /// <summary>
    /// Combinations of names that get series of their own; further ones are counted under fairness id and target <c>other</c>, or all as <c>other</c>. Bounded
    /// names alone would still allow a million combinations, of 20 KB each.
    /// </summary>
    public const int SeriesLimit = 4096;

    private const int RecentMask = 255;

    private readonly ConcurrentDictionary<RequestKey, RequestSeries> _series = new();

    /// <summary>
    /// The series used last, by the sketches of their keys: hashing three names for the table takes ten times as long as comparing them, and most requests are for
    /// a few models. Entries are replaced without a lock: each is right by itself.
    /// </summary>
    private readonly RequestSeries?[] _recent = new RequestSeries?[RecentMask + 1];
    private readonly ConcurrentDictionary<(string FairnessId, int Priority), InFlightFlow> _flows = new();
    private readonly LabelCap _fairnessIds = new(NameLimit);
    private readonly RequestFamilies _families;
    private int _count;

    /// <param name="pools">Whose policies name models that always have series of their own.</param>
    public RequestMetrics(CollectorRegistry registry, PoolRegistry? pools = null)
    {
        ArgumentNullException.ThrowIfNull(registry);
        Models = new(pools);
        _families = new(MetricCatalog.FactoryOf(registry));
        registry.AddBeforeCollectCallback(Flush);
    }

    /// <summary>The models' names, bounded; shared with the other metrics that have them for a label.</summary>
    public ModelLabels Models { get; }

    /// <summary>The series of a request: one look-up, and no allocation unless the combination is new.</summary>
    /// <param name="model">As the client named it; empty where it named none.</param>
    /// <param name="target">As the model server gets it.</param>
    public RequestSeries For(string model, string target, string fairnessId, int priority)
    {
        var key = new RequestKey(model, target, fairnessId, priority);
        ref var recent = ref _recent[key.Sketch() & RecentMask];
        var series = Volatile.Read(ref recent);
        if (series is null || series.Key != key)
        {
            if (!_series.TryGetValue(key, out series))
            {
                return Find(key);
            }

            Volatile.Write(ref recent, series);
        }

        return series;
    }

    private RequestSeries Find(in RequestKey key)
    {
        var bounded = key with { Model = Models.Bound(key.Model), Target = Models.Bound(key.Target), FairnessId = _fairnessIds.Bound(key.FairnessId) };
        if (_series.TryGetValue(bounded, out var series))
        {
            return series;
        }

        if (Volatile.Read(ref _count) >= SeriesLimit)
        {
            // Few models for many fairness ids is the usual case; a flood of both ends in one series for each priority.
            bounded = bounded with { Target = bounded.Model == bounded.Target ? bounded.Model : LabelCap.Other, FairnessId = LabelCap.Other };
            if (Volatile.Read(ref _count) >= 2 * SeriesLimit)
            {
                bounded = bounded with { Model = LabelCap.Other, Target = LabelCap.Other };
            }

            if (_series.TryGetValue(bounded, out series))
            {
                return series;
            }
        }

        series = new RequestSeries(_families, bounded, _flows.GetOrAdd((bounded.FairnessId, bounded.Priority), flow => new InFlightFlow(flow.FairnessId, flow.Priority)));
        if (_series.TryAdd(bounded, series))
        {
            Interlocked.Increment(ref _count);
            return series;
        }

        return _series[bounded];
    }

    private void Flush()
    {
        foreach (var (_, series) in _series)
        {
            series.Flush();
        }
    }
}
