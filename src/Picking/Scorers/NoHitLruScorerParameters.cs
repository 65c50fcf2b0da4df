using System.ComponentModel;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>Parameters of <c>no-hit-lru-scorer</c>, with the reference picker's names and defaults.</summary>
public sealed record NoHitLruScorerParameters
{
    /// <summary>Servers whose last use is remembered.</summary>
    [Description("Servers whose last use is remembered; below 1 counts as the default.")]
    public int LruSize { get; init; } = NoHitLruScorer.DefaultLruSize;

    /// <summary>Who finds the matches.</summary>
    [Description("Which producer finds the matches; without it the configuration's own or the default one.")]
    public PluginReference? PrefixMatchInfoProducerName { get; init; }
}
