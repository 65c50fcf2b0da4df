namespace Orleans.Inference.Picking;

/// <summary>The KV cache of one model server, from its cache configuration metrics; zeros where it reports none.</summary>
/// <param name="BlockSize">Tokens in a block.</param>
/// <param name="BlockCount">Blocks in the cache.</param>
public readonly record struct CacheConfig(int BlockSize, int BlockCount);
