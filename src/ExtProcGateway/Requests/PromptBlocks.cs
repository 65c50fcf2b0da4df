using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>How prompts are cut into blocks for the prefix cache.</summary>
/// <param name="Rule">How a block is hashed.</param>
/// <param name="BlockTokens">Tokens in a block.</param>
/// <param name="MaxBlocks">Most blocks of one prompt that are hashed.</param>
internal readonly record struct PromptBlocks(PrefixHashRule Rule, int BlockTokens, int MaxBlocks)
{
    /// <summary>As a pool's options have it.</summary>
    /// <param name="first">Cache configuration of the pool's first model server.</param>
    public static PromptBlocks Of(PrefixCacheOptions options, CacheConfig first)
    {
        var tokens = options.BlockTokens(first);
        return new PromptBlocks(options.Rule, tokens, options.MaxBlocks(tokens));
    }
}
