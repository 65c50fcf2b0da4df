using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>Parameters of <c>prefix-cache-scorer</c>, with the reference picker's names and defaults.</summary>
public sealed record PrefixCacheScorerParameters
{
    /// <summary>Who finds the matches.</summary>
    [Description("Which producer finds the matches; without it the configuration's own or the default one.")]
    public PluginReference? PrefixMatchInfoProducerName { get; init; }

    /// <summary>How much the length of the match counts, against its part of the prompt.</summary>
    [Range(0.0, 1.0)]
    [Description("How much the length of the match counts, against its part of the prompt.")]
    public double MatchLengthWeight { get; init; }

    /// <summary>From this many tokens on, longer counts no more.</summary>
    [Description("From this many matched tokens on, longer counts no more. Must be above 0 where `matchLengthWeight` is.")]
    public int MatchLengthScaleTokens { get; init; } = PrefixCacheScorer.DefaultScaleTokens;
}
