using System.Collections.Immutable;
using System.ComponentModel;

namespace Orleans.Inference.Picking.Prefix;

/// <summary><c>indexerConfig</c> of <c>precise-prefix-cache-producer</c>.</summary>
public sealed record KvIndexerParameters
{
    /// <summary>Kinds of index.</summary>
    [Description("No effect: there is one kind of index, in memory, of at most 1,048,576 blocks a server.")]
    public KvBlockIndexParameters? KvBlockIndexConfig { get; init; }

    /// <summary>What a block counts, by tier.</summary>
    [Description("No effect: a block counts 1 in whatever tier of a cache it is.")]
    public ImmutableArray<KvCacheBackendParameters> KvCacheBackendConfigs { get; init; } = [];

    /// <summary>A tokenizer in the process.</summary>
    [Description("Refused: no tokenizer runs in this process.")]
    public ImmutableDictionary<string, string>? TokenizersPoolConfig { get; init; }
}
