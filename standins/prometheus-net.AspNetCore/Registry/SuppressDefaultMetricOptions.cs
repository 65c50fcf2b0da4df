namespace Prometheus;

/// <summary>What the default registry leaves out.</summary>
public sealed class SuppressDefaultMetricOptions
{
    internal static readonly SuppressDefaultMetricOptions All = new()
    {
        SuppressProcessMetrics = true,
        SuppressDebugMetrics = true,
        SuppressEventCounters = true,
        SuppressMeters = true,
    };

    public bool SuppressProcessMetrics { get; set; }

    /// <summary>Metrics of the library itself, which the stand-in never offers.</summary>
    public bool SuppressDebugMetrics { get; set; }

    /// <summary>Event counters, which the stand-in never offers.</summary>
    public bool SuppressEventCounters { get; set; }

    public bool SuppressMeters { get; set; }
}
