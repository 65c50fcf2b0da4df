using System.ComponentModel;

namespace Orleans.Inference.Picking.Multimodal;

/// <summary>Parameters of <c>mm-embeddings-cache-producer</c>, with the reference picker's names and defaults.</summary>
public sealed record MmEmbeddingsCacheParameters
{
    internal const int DefaultCacheSize = 4096;

    /// <summary>MiB of a server's encoder cache.</summary>
    [Description("MiB of a model server's encoder cache, at 2 MiB an item: half as many items are remembered of each server. 0 or less counts as the default.")]
    public int CacheSizeInMBPerServer { get; init; } = DefaultCacheSize;
}
