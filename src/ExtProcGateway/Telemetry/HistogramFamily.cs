using System.Numerics;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>A histogram with labels, under both its names.</summary>
internal sealed class HistogramFamily
{
    private readonly MetricDefinition _definition;
    private readonly Histogram _histogram;
    private readonly Histogram? _older;
    private readonly double[] _padded;

    public HistogramFamily(MetricDefinition definition, IMetricFactory factory)
    {
        _definition = definition;
        var configuration = new HistogramConfiguration { Buckets = definition.Buckets };
        _histogram = factory.CreateHistogram(definition.Name, definition.Help, definition.Labels, configuration);
        _older = definition.Older is { } older ? factory.CreateHistogram(older.Name, definition.OlderHelp, older.Labels, configuration) : null;

        // Whole vectors; no value is greater than the bounds that fill up the last one.
        var vectors = (definition.Buckets.Length + Vector<double>.Count - 1) / Vector<double>.Count;
        _padded = new double[vectors * Vector<double>.Count];
        _padded.AsSpan().Fill(double.PositiveInfinity);
        definition.Buckets.CopyTo(_padded, 0);
    }

    /// <summary>Number of buckets, that of infinity included.</summary>
    public int BucketCount => _definition.Buckets.Length + 1;

    /// <summary>The bucket of a value: how many bounds it exceeds. Compares several bounds at a time, without a branch that depends on the value.</summary>
    public int BucketOf(double value)
    {
        var wanted = new Vector<double>(value);
        var exceeded = Vector<long>.Zero;
        for (var i = 0; i < _padded.Length; i += Vector<double>.Count)
        {
            // A comparison gives -1 for true.
            exceeded -= Vector.GreaterThan(wanted, new Vector<double>(_padded, i));
        }

        return (int)Vector.Sum(exceeded);
    }

    /// <summary>Adds observations that fell in one bucket, known by number and sum.</summary>
    /// <remarks>
    /// They are added as that many of their mean, which has the same sum and lies in the same bucket; where rounding put it on the far side of a bound, it is
    /// brought back.
    /// </remarks>
    public void Add(int bucket, long count, double sum, string[] values)
    {
        var bounds = _definition.Buckets;
        var mean = sum / count;
        if (bucket < bounds.Length && mean > bounds[bucket])
        {
            mean = bounds[bucket];
        }
        else if (bucket > 0 && mean <= bounds[bucket - 1])
        {
            mean = Math.BitIncrement(bounds[bucket - 1]);
        }

        _histogram.WithLabels(values).Observe(mean, count);
        _older?.WithLabels(_definition.OlderValues(values)).Observe(mean, count);
    }
}
