using System.ComponentModel;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>Parameters of <c>mm-embeddings-cache-scorer</c>, with the reference picker's name.</summary>
public sealed record MmEmbeddingsCacheScorerParameters
{
    /// <summary>Who finds the matches.</summary>
    [Description("Which producer finds the matches; without it the configuration's own or the default one.")]
    public PluginReference? ProducerName { get; init; }
}
