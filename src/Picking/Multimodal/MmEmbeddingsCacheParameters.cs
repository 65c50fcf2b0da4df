using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Multimodal;

/// <summary>Parameters of <c>mm-embeddings-cache-producer</c>, with the reference picker's names and defaults.</summary>
public sealed record MmEmbeddingsCacheParameters
{
    internal const int DefaultCacheSize = 4096;

    /// <summary>MiB of a server's encoder cache.</summary>
    [Range(0, int.MaxValue, MinimumIsExclusive = true)]
    [ElseDefault]
    [Description("MiB of a model server's encoder cache, at 2 MiB an item: half as many items are remembered of each server.")]
    public int CacheSizeInMBPerServer { get; init; } = DefaultCacheSize;
}
