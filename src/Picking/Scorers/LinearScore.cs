using System.Numerics;
using System.Runtime.InteropServices;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>Scores by the place of a figure between the least and the greatest of the candidates.</summary>
internal static class LinearScore
{
    /// <summary>(max − figure) / (max − min); 1 for all where they are equal.</summary>
    /// <param name="column">One figure for each server of the view.</param>
    public static void LowerIsBetter(ReadOnlySpan<int> column, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        var (min, max) = (int.MaxValue, int.MinValue);
        for (var i = 0; i < candidates.Length; i++)
        {
            var figure = column[candidates[i]];
            min = Math.Min(min, figure);
            max = Math.Max(max, figure);
            scores[i] = figure;
        }

        if (min == max)
        {
            scores[..candidates.Length].Fill(1);
            return;
        }

        // Divisions are what takes time here, so several at once.
        var range = (double)max - min;
        scores = scores[..candidates.Length];
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(scores);
        foreach (ref var vector in vectors)
        {
            vector = (new Vector<double>(max) - vector) / new Vector<double>(range);
        }

        foreach (ref var score in scores[(vectors.Length * Vector<double>.Count)..])
        {
            score = (max - score) / range;
        }
    }
}
