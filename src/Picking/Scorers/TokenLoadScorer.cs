using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>
/// <c>token-load-scorer</c>: 1 − min(load, threshold) / threshold, where the load is the tokens in flight on the server and those that this request would add.
/// </summary>
/// <param name="threshold"><c>queueThresholdTokens</c>: tokens from which more makes no difference.</param>
public sealed class TokenLoadScorer(long threshold = TokenLoadScorer.DefaultThreshold) : IScorer
{
    /// <summary>The default of <c>queueThresholdTokens</c>: 4 Mi tokens.</summary>
    public const long DefaultThreshold = 4_194_304;

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<TokenLoadScorer, TokenLoadScorerParameters>("token-load-scorer", Create) with
    {
        Summary = "Prefers servers with fewer tokens to work off: those in flight, and of this request those that the server does not have in its cache.",
        Formula = "1 − min(load, threshold) / threshold; load = tokens in flight + blocks of this request that don't match · block size + tokens beyond the blocks + tokens of the answer where those are counted",
        Consumes = PluginData.InFlightLoad | PluginData.PrefixMatch | PluginData.Tokens,
        Example = """
            - type: token-load-scorer
              parameters:
                queueThresholdTokens: 1000000
            """,
    };

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        var tokens = context.InFlight.Tokens;
        var match = context.Prefix;
        var numbers = context.View.Numbers;
        var whole = context.Request.EstimatedOutputTokens.GetValueOrDefault() + Math.Max(0, context.Request.EstimatedPromptTokens - ((long)match.TotalBlocks * match.BlockTokens));
        for (var i = 0; i < candidates.Length; i++)
        {
            var server = candidates[i];
            var load = tokens.IsEmpty ? 0 : tokens[server];
            load += whole + ((long)(match.TotalBlocks - match.Blocks(numbers[server])) * match.BlockTokens);
            scores[i] = 1 - ((double)Math.Clamp(load, 0, threshold) / threshold);
        }
    }

    private static TokenLoadScorer Create(TokenLoadScorerParameters parameters, PluginContext context)
    {
        context.Resolve<IDataProducer>(parameters.InFlightLoadProducerName);
        return new(parameters.QueueThresholdTokens);
    }
}
