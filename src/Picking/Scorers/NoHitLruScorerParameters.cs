using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>Parameters of <c>no-hit-lru-scorer</c>, with the reference picker's names and defaults.</summary>
public sealed record NoHitLruScorerParameters
{
    /// <summary>Servers whose last use is remembered.</summary>
    [Range(0, int.MaxValue, MinimumIsExclusive = true)]
    [ElseDefault]
    [Description("Servers whose last use is remembered.")]
    public int LruSize { get; init; } = NoHitLruScorer.DefaultLruSize;

    /// <summary>Who finds the matches.</summary>
    [Description("Which producer finds the matches; without it the configuration's own or the default one.")]
    public PluginReference? PrefixMatchInfoProducerName { get; init; }
}
