using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Latency;

/// <summary>Parameters of <c>latency-scorer</c>, with the reference picker's names and defaults.</summary>
public sealed record LatencyScorerParameters : CompositeScoreParameters
{
    /// <summary>Weight of the time to the first token.</summary>
    [Range(0.0, double.MaxValue)]
    [ElseDefault]
    [Description("Weight of the time to the first token.")]
    public double TtftWeight { get; init; } = 0.8;

    /// <summary>Weight of the time for each token after it.</summary>
    [Range(0.0, double.MaxValue)]
    [ElseDefault]
    [Description("Weight of the time for each token after it.")]
    public double TpotWeight { get; init; } = 0.2;

    /// <summary>Which of the servers that meet the objectives is best.</summary>
    [AllowedValues("least", "most")]
    [ElseDefault]
    [Description("Of servers that do what is asked for: `least` prefers the one that is nearest to its limits, so that others stay free; `most` the one that is furthest.")]
    public string HeadroomSelectionStrategy { get; init; } = "least";

    /// <summary>Who predicts.</summary>
    [Description("Which producer predicts; without it the configuration's own or the default one.")]
    public PluginReference? LatencyPredictionInfoProducerName { get; init; }

    /// <summary>Who finds out prefix matches.</summary>
    [Description("Which producer finds out prefix matches; without it the configuration's own or the default one.")]
    public PluginReference? PrefixMatchInfoProducerName { get; init; }
}
