namespace Prometheus;

/// <inheritdoc/>
public sealed class HistogramConfiguration : MetricConfiguration
{
    /// <summary>Upper bounds, ascending; null = from 5 ms to 10 s.</summary>
    public double[]? Buckets { get; set; }
}
