using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>
/// <c>prefix-cache-scorer</c>: w · min(1, matched tokens / scale)² + (1 − w) · matched blocks / all blocks; 0 for all where the request has no blocks.
/// </summary>
/// <param name="matchLengthWeight"><c>matchLengthWeight</c>, w, 0 to 1: how much the length of the match counts, against its part of the prompt.</param>
/// <param name="matchLengthScaleTokens"><c>matchLengthScaleTokens</c>: from this many tokens on, longer counts no more.</param>
/// <param name="precise">Go by what the servers' own events tell.</param>
public sealed class PrefixCacheScorer(double matchLengthWeight = 0, int matchLengthScaleTokens = PrefixCacheScorer.DefaultScaleTokens, bool precise = false) : IScorer
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<PrefixCacheScorer, PrefixCacheScorerParameters>("prefix-cache-scorer", Create) with
    {
        Summary = "Prefers servers that have more of the prompt in their KV cache.",
        Formula = "w · min(1, matched tokens / scale)² + (1 − w) · matched blocks / all blocks; 0 where nothing matches",
        Consumes = PluginData.PrefixMatch,
        Example = """
            - type: prefix-cache-scorer
              parameters:
                matchLengthWeight: 0.5
            """,
    };

    /// <summary>The default of <c>matchLengthScaleTokens</c>.</summary>
    public const int DefaultScaleTokens = 8192;

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        var match = context.WithPrefix(precise).Prefix;
        if (match.Servers.IsEmpty)
        {
            scores.Clear();
            return;
        }

        var numbers = context.View.Numbers;
        var (last, lastScore) = (0, 0.0);
        for (var i = 0; i < candidates.Length; i++)
        {
            // Servers in a row mostly hold the same system prompt, or nothing: a division less.
            var blocks = match.Blocks(numbers[candidates[i]]);
            if (blocks != last)
            {
                (last, lastScore) = (blocks, Score(blocks, match.TotalBlocks, match.BlockTokens));
            }

            scores[i] = lastScore;
        }
    }

    private static PrefixCacheScorer Create(PrefixCacheScorerParameters parameters, PluginContext context)
    {
        if (parameters.MatchLengthScaleTokens <= 0)
        {
            const string name = "matchLengthScaleTokens";
            if (parameters.MatchLengthWeight > 0)
            {
                context.Fault(name, $"{name} must be above 0 where matchLengthWeight is, not {parameters.MatchLengthScaleTokens}");
            }
            else
            {
                context.Warn(name, $"{name} is {parameters.MatchLengthScaleTokens}, and has no effect: matchLengthWeight is 0");
            }
        }

        return new(parameters.MatchLengthWeight, parameters.MatchLengthScaleTokens, context.IsPrecise(parameters.PrefixMatchInfoProducerName));
    }

    private double Score(int blocks, int total, int blockTokens)
    {
        var part = (double)blocks / total;
        if (matchLengthWeight == 0)
        {
            return part;
        }

        var length = Math.Min(1, (double)blocks * blockTokens / matchLengthScaleTokens);
        return (matchLengthWeight * length * length) + ((1 - matchLengthWeight) * part);
    }
}
