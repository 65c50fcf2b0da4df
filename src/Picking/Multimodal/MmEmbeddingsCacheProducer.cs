using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Multimodal;

/// <summary><c>mm-embeddings-cache-producer</c>: which pictures, videos and sounds of a request each server has encoded before, from what was sent to it.</summary>
/// <param name="itemsPerServer">Items that are remembered of a server, those that it got longest ago forgotten first.</param>
public sealed class MmEmbeddingsCacheProducer(int itemsPerServer) : IDataProducer
{
    /// <summary>What an item takes of a server's cache: the reference picker's assumption.</summary>
    private const int MiBPerItem = 2;

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<MmEmbeddingsCacheProducer, MmEmbeddingsCacheParameters>(
        "mm-embeddings-cache-producer",
        (parameters, _) => new(ItemsIn(parameters.CacheSizeInMBPerServer))) with
    {
        Summary = "Finds out which pictures, videos and sounds of a request each server has encoded, from what was sent to it before: to be the destination, to process the prompt or to encode. There is one "
            + "without being listed where a plugin needs it.",
        Produces = PluginData.MultiModalMatch,
        Example = """
            - type: mm-embeddings-cache-producer
              parameters:
                cacheSizeInMBPerServer: 2048
            """,
    };

    /// <summary>Items that are remembered of a server.</summary>
    public int ItemsPerServer => itemsPerServer;

    private static int ItemsIn(int mebibytes) => Math.Max(1, (mebibytes <= 0 ? MmEmbeddingsCacheParameters.DefaultCacheSize : mebibytes) / MiBPerItem);
}
