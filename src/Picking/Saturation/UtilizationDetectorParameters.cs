using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Saturation;

/// <summary>Parameters of <c>utilization-detector</c>, with the reference picker's names and defaults.</summary>
public sealed record UtilizationDetectorParameters
{
    /// <summary>Requests waiting at which a server counts as full.</summary>
    [Range(0, int.MaxValue, MinimumIsExclusive = true)]
    [Description("Requests waiting at which a server counts as full.")]
    public int QueueDepthThreshold { get; init; } = 5;

    /// <summary>Part of the KV cache in use at which a server counts as full.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    [Description("Part of the KV cache in use at which a server counts as full.")]
    public double KvCacheUtilThreshold { get; init; } = 0.8;

    /// <summary>Figures that are older count as those of a full server.</summary>
    [AboveZero]
    [Description("Figures that are older count as those of a full server.")]
    public TimeSpan MetricsStalenessThreshold { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>As a filter: how far above the thresholds servers are kept.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("As a filter: servers are kept up to threshold · (1 + headroom).")]
    public double Headroom { get; init; }
}
