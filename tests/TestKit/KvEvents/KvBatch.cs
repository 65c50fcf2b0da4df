namespace Orleans.Inference.TestKit.KvEvents;

/// <summary>Batches of KV-cache events as vLLM and SGLang write them: arrays without the defaults at their end, and maps, as vLLM writes them since its issue 42892.</summary>
public static class KvBatch
{
    /// <summary>A batch: time, events, and the rank that vLLM adds.</summary>
    public static byte[] Of(params object?[] events) => MsgPack.Of(new object?[] { 1_763_740_000.25, events, 0 });

    /// <summary>The same with names.</summary>
    public static byte[] MapOf(params object?[] events) =>
        MsgPack.Of(new Dictionary<string, object?> { ["ts"] = 1_763_740_000.25, ["events"] = events, ["data_parallel_rank"] = 0 });

    /// <summary>Blocks that were stored.</summary>
    /// <param name="parent">Name of the block before; null for none.</param>
    /// <param name="more">What follows the size of a block: lora_id, medium, lora_name, extra_keys, group_idx, kv_cache_spec_kind.</param>
    public static IEnumerable<object?> Stored(IEnumerable<object> blocks, object? parent, IEnumerable<int> tokens, int blockSize, params object?[] more) =>
        ["BlockStored", blocks, parent, tokens, blockSize, .. more];

    /// <summary>The same with names.</summary>
    public static Dictionary<string, object?> StoredMap(IEnumerable<object> blocks, object? parent, IEnumerable<int> tokens, int blockSize) => new()
    {
        ["type"] = "BlockStored",
        ["block_hashes"] = blocks,
        ["parent_block_hash"] = parent,
        ["token_ids"] = tokens,
        ["block_size"] = blockSize,
        ["lora_id"] = null,
        ["medium"] = "GPU",
        ["lora_name"] = null,
    };

    /// <summary>Blocks that were removed.</summary>
    /// <param name="more">What follows the blocks: medium, group_idx.</param>
    public static IEnumerable<object?> Removed(IEnumerable<object> blocks, params object?[] more) => ["BlockRemoved", blocks, .. more];

    /// <summary>The same with names.</summary>
    public static Dictionary<string, object?> RemovedMap(IEnumerable<object> blocks) => new() { ["type"] = "BlockRemoved", ["block_hashes"] = blocks, ["medium"] = "GPU" };

    /// <summary>The cache was emptied.</summary>
    public static IEnumerable<object?> Cleared() => ["AllBlocksCleared"];
}
