using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Scorers;

/// <summary><c>queue-scorer</c>: (max − queued) / (max − min) over the candidates; 1 for all where they are equal.</summary>
public sealed class QueueScorer : IScorer
{
    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        var queued = context.View.Queued;
        var (min, max) = (int.MaxValue, int.MinValue);
        foreach (var candidate in candidates)
        {
            min = Math.Min(min, queued[candidate]);
            max = Math.Max(max, queued[candidate]);
        }

        if (min == max)
        {
            scores.Fill(1);
            return;
        }

        var range = (double)max - min;
        for (var i = 0; i < candidates.Length; i++)
        {
            scores[i] = (max - queued[candidates[i]]) / range;
        }
    }
}
