using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Admission;

/// <summary>Parameters of <c>probabilistic-admitter</c>, with the reference picker's names and defaults.</summary>
public sealed record ProbabilisticAdmitterParameters
{
    /// <summary>Requests waiting at which a server counts as full.</summary>
    [Range(0, int.MaxValue, MinimumIsExclusive = true)]
    [Description("Requests waiting at which a server counts as full.")]
    public int QueueDepthThreshold { get; init; } = 5;

    /// <summary>Part of the KV cache in use at which a server counts as full.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    [Description("Part of the KV cache in use at which a server counts as full.")]
    public double KvCacheUtilThreshold { get; init; } = 0.8;

    /// <summary>How steeply the chance of a denial grows.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    [Description("How steeply the chance of a denial grows with the saturation.")]
    public double Power { get; init; } = 5;

    /// <summary>The chance of a denial at a saturation of 1, before it is cut to 1.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    [Description("Factor of the chance; with 300 and the power 5 it is 1 from a saturation of 0.32 on.")]
    public double K { get; init; } = 300;
}
