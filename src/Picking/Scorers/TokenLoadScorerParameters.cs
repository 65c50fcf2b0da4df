using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>Parameters of <c>token-load-scorer</c>, with the reference picker's names and defaults.</summary>
public sealed record TokenLoadScorerParameters
{
    /// <summary>Tokens from which more makes no difference.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    [ElseDefault]
    [Description("Tokens at which the score is 0.")]
    public long QueueThresholdTokens { get; init; } = TokenLoadScorer.DefaultThreshold;

    /// <summary>Who counts what is in flight.</summary>
    [Description("Which producer counts what is in flight; without it the configuration's own or the default one.")]
    public PluginReference? InFlightLoadProducerName { get; init; }
}
