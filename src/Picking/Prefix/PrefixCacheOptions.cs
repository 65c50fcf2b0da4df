namespace Orleans.Inference.Picking.Prefix;

/// <summary>Parameters of <c>approx-prefix-cache-producer</c>, with the reference picker's names, defaults and rules.</summary>
public sealed class PrefixCacheOptions
{
    /// <summary>
    /// The smallest block that is indexed under <see cref="PrefixHashRule.Tokens"/>: a model server's own blocks (16 tokens by default) would cost four times the memory and say little more.
    /// </summary>
    public const int MinBlockTokens = 64;

    /// <summary>How prompts are hashed.</summary>
    public PrefixHashRule Rule { get; init; } = PrefixHashRule.Tokens;

    /// <summary><c>autoTune</c>: take block size and capacity from the model servers' cache configuration where they report one.</summary>
    public bool AutoTune { get; init; } = true;

    /// <summary><c>blockSizeTokens</c>: tokens in a block, where the model servers don't say.</summary>
    public int BlockSizeTokens { get; init; } = 16;

    /// <summary><c>maxPrefixTokensToMatch</c>: tokens of a prompt that are looked at; 0 = <see cref="MaxPrefixBlocksToMatch"/> decides.</summary>
    public int MaxPrefixTokensToMatch { get; init; } = 131_072;

    /// <summary><c>maxPrefixBlocksToMatch</c>: blocks of a prompt that are looked at; 0 = all.</summary>
    public int MaxPrefixBlocksToMatch { get; init; } = 2_048;

    /// <summary><c>lruCapacityPerServer</c>: blocks remembered of a model server that doesn't report how many it has.</summary>
    public int LruCapacityPerServer { get; init; } = 31_250;

    /// <summary>Tokens in a block of the index.</summary>
    /// <param name="first">Cache configuration of the pool's first model server.</param>
    public int BlockTokens(CacheConfig first)
    {
        var tokens = AutoTune && first.BlockSize > 0 ? first.BlockSize : BlockSizeTokens;
        return Rule == PrefixHashRule.Tokens ? Math.Max(tokens, MinBlockTokens) : Math.Max(tokens, 1);
    }

    /// <summary>Most blocks of one prompt that are hashed.</summary>
    public int MaxBlocks(int blockTokens) =>
        MaxPrefixTokensToMatch > 0 ? MaxPrefixTokensToMatch / blockTokens
        : MaxPrefixBlocksToMatch > 0 ? MaxPrefixBlocksToMatch
        : int.MaxValue;

    /// <summary>Most blocks that the index remembers of one model server: as many tokens as its cache holds.</summary>
    /// <remarks>
    /// The reference takes the server's own number of blocks, although a block of the index holds more tokens than one of the server's: four times as many at a block size of 16. The index
    /// then sends requests after prefixes that the server has dropped long ago (bench/results/simulation.md has what that costs).
    /// </remarks>
    public int Capacity(CacheConfig server)
    {
        if (!AutoTune || server.BlockCount <= 0)
        {
            return LruCapacityPerServer;
        }

        return server.BlockSize <= 0 ? server.BlockCount : (int)Math.Max(1, (long)server.BlockCount * server.BlockSize / BlockTokens(server));
    }
}
