using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Latency;

/// <summary>The score without predictions: free KV cache, queue and prefix match, weighted, in steps of 1/100.</summary>
internal readonly struct CompositeScore
{
    private readonly double _kv;
    private readonly double _queue;
    private readonly double _prefix;

    /// <summary>The weights count in relation to each other; where all are 0, they are equal.</summary>
    /// <param name="weights">Of the free part of the KV cache; of (longest queue − queue) / longest queue; of the part of the prompt that the server holds.</param>
    public CompositeScore(CompositeScoreParameters weights)
    {
        var (kv, queue, prefix) = (weights.CompositeKVWeight, weights.CompositeQueueWeight, weights.CompositePrefixWeight);
        var sum = kv + queue + prefix;
        (_kv, _queue, _prefix) = sum > 0 ? (kv / sum, queue / sum, prefix / sum) : (1.0 / 3, 1.0 / 3, 1.0 / 3);
    }

    /// <summary>Writes the score of each candidate, 0 to 1.</summary>
    public void Apply(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        var longest = LongestQueue(context, candidates);
        for (var i = 0; i < candidates.Length; i++)
        {
            scores[i] = Rounded(Of(context, candidates[i], longest));
        }
    }

    /// <summary>Writes the scores of the candidates whose mark is <paramref name="mark"/>, and 0 for the others.</summary>
    /// <param name="scores">On entry the marks.</param>
    /// <param name="isReversed">1 − score: the fullest is the best.</param>
    public void ApplyTo(double mark, in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores, bool isReversed)
    {
        var longest = LongestQueue(context, candidates);
        for (var i = 0; i < candidates.Length; i++)
        {
            var score = scores[i] == mark ? Of(context, candidates[i], longest) : double.NaN;
            scores[i] = double.IsNaN(score) ? 0 : Rounded(isReversed ? 1 - score : score);
        }
    }

    private static double Rounded(double score) => Math.Round(100 * score, MidpointRounding.AwayFromZero) / 100;

    private static int LongestQueue(in PickContext context, ReadOnlySpan<int> candidates)
    {
        var queued = context.Queued;
        var longest = 0;
        foreach (var candidate in candidates)
        {
            longest = Math.Max(longest, queued[candidate]);
        }

        return longest;
    }

    private double Of(in PickContext context, int server, int longestQueue)
    {
        var queue = longestQueue == 0 ? 1 : (double)(longestQueue - context.Queued[server]) / longestQueue;
        return (_kv * (1 - Math.Clamp(context.KvUsage[server], 0, 1))) + (_queue * queue) + (_prefix * context.PrefixShare(server));
    }
}
