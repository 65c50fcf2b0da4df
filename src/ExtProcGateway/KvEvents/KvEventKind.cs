namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>What an event of a KV cache tells.</summary>
internal enum KvEventKind
{
    /// <summary>Something that is not known here.</summary>
    Unknown,

    /// <summary>Blocks are in the cache from now on.</summary>
    Stored,

    /// <summary>Blocks are in the cache no more.</summary>
    Removed,

    /// <summary>The cache is empty.</summary>
    Cleared,
}
