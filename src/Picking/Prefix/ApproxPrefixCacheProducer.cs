using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Prefix;

/// <summary><c>approx-prefix-cache-producer</c>: which part of a prompt each server has seen before, from what was sent to it.</summary>
/// <param name="options">How prompts are hashed, and how much is remembered.</param>
public sealed class ApproxPrefixCacheProducer(PrefixCacheOptions options) : IDataProducer
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<ApproxPrefixCacheProducer, ApproxPrefixCacheParameters>("approx-prefix-cache-producer", Create) with
    {
        Summary = "Finds out how much of a prompt each server has cached, from what was sent to it before. There is one without being listed where a plugin needs it.",
        Produces = PluginData.PrefixMatch,
        Example = """
            - type: approx-prefix-cache-producer
              parameters:
                lruCapacityPerServer: 50000
            """,
    };

    /// <summary>How prompts are hashed, and how much is remembered.</summary>
    public PrefixCacheOptions Options => options;

    private static ApproxPrefixCacheProducer Create(ApproxPrefixCacheParameters parameters, PluginContext context)
    {
        var block = parameters.BlockSizeTokens;
        if (parameters.BlockSize is { } older)
        {
            context.Warn("blockSize", "blockSize is deprecated; use blockSizeTokens");
            block = block == new ApproxPrefixCacheParameters().BlockSizeTokens ? older : block;
        }

        CheckBlock(block, parameters, context);

        return new(new PrefixCacheOptions
        {
            AutoTune = parameters.AutoTune,
            BlockSizeTokens = block,
            MaxPrefixTokensToMatch = parameters.MaxPrefixTokensToMatch,
            MaxPrefixBlocksToMatch = parameters.MaxPrefixBlocksToMatch,
            LruCapacityPerServer = parameters.LruCapacityPerServer,
        });
    }

    /// <summary>Only what is written is worth a word: the default is raised too.</summary>
    private static void CheckBlock(int block, ApproxPrefixCacheParameters parameters, PluginContext context)
    {
        var name = parameters.BlockSize == block ? "blockSize" : "blockSizeTokens";
        if (block <= 0 && !parameters.AutoTune)
        {
            context.Fault(name, $"{name} must be above 0 without autoTune, not {block}");
        }
        else if (block < PrefixCacheOptions.MinBlockTokens && context.IsGiven(name))
        {
            context.Warn(name, $"{name} is {block}: a block has {PrefixCacheOptions.MinBlockTokens} tokens at least, which count instead");
        }
    }
}
