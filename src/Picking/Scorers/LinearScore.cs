namespace Orleans.Inference.Picking.Scorers;

/// <summary>Scores by the place of a figure between the least and the greatest of the candidates.</summary>
internal static class LinearScore
{
    /// <summary>(max − figure) / (max − min); 1 for all where they are equal.</summary>
    /// <param name="column">One figure for each server of the view.</param>
    public static void LowerIsBetter(ReadOnlySpan<int> column, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        var (min, max) = (int.MaxValue, int.MinValue);
        foreach (var candidate in candidates)
        {
            min = Math.Min(min, column[candidate]);
            max = Math.Max(max, column[candidate]);
        }

        if (min == max)
        {
            scores.Fill(1);
            return;
        }

        var range = (double)max - min;
        for (var i = 0; i < candidates.Length; i++)
        {
            scores[i] = (max - (double)column[candidates[i]]) / range;
        }
    }
}
