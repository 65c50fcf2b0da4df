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
        if (parameters.BlockSize is not null)
        {
            context.Warn("blockSize", "blockSize is deprecated; use blockSizeTokens");
        }

        return new(new PrefixCacheOptions
        {
            AutoTune = parameters.AutoTune,
            BlockSizeTokens = parameters.BlockSize ?? parameters.BlockSizeTokens,
            MaxPrefixTokensToMatch = parameters.MaxPrefixTokensToMatch,
            MaxPrefixBlocksToMatch = parameters.MaxPrefixBlocksToMatch,
            LruCapacityPerServer = parameters.LruCapacityPerServer,
        });
    }
}
