using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Latency;

/// <summary>Parameters of <c>slo-headroom-tier-filter</c>, with the reference picker's names and defaults.</summary>
public sealed record SloHeadroomTierParameters
{
    /// <summary>Part of the requests that go to the other tier.</summary>
    [Range(0.0, 1.0)]
    [Description("Part of the requests that keep only servers which are predicted to be too slow: how else would it be noticed that they no longer are.")]
    public double EpsilonExploreNeg { get; init; } = 0.01;

    /// <summary>Who predicts.</summary>
    [Description("Which producer predicts; without it the configuration's own or the default one.")]
    public PluginReference? LatencyPredictionInfoProducerName { get; init; }
}
