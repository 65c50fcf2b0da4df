using System.Diagnostics.Metrics;

namespace Prometheus;

/// <summary>Options of a <see cref="MeterAdapter"/>.</summary>
public sealed record MeterAdapterOptions
{
    /// <summary>From 0.01, doubling, 25 bounds.</summary>
    public static readonly double[] DefaultHistogramBuckets = Histogram.ExponentialBuckets(0.01, 2, 25);

    public static MeterAdapterOptions Default => new();

    /// <summary>Which instruments are exposed.</summary>
    public Func<Instrument, bool> InstrumentFilterPredicate { get; set; } = _ => true;

    /// <summary>A series that gets no value for so long ends; one day at most.</summary>
    public TimeSpan MetricsExpireAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The registry whose pages ask observable instruments for their values.</summary>
    public CollectorRegistry Registry { get; set; } = Metrics.DefaultRegistry;

    /// <summary>Makes the metrics: of the default registry, unless it is set; null = of <see cref="Registry"/>.</summary>
    public IMetricFactory? MetricFactory { get; set; } = Metrics.DefaultFactory;

    /// <summary>The upper bounds of an instrument's buckets.</summary>
    public Func<Instrument, double[]> ResolveHistogramBuckets { get; set; } = _ => DefaultHistogramBuckets;
}
