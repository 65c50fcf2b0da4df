namespace Prometheus;

/// <summary>What is set about a metric besides its name.</summary>
public abstract class MetricConfiguration
{
    public string[]? LabelNames { get; set; }

    /// <summary>Whether a series appears with its first value only, not with zero.</summary>
    public bool SuppressInitialValue { get; set; }
}
