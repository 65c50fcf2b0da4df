namespace Orleans.Inference.Picking.Latency;

/// <summary>Sorts servers by whether they are predicted to do what a request asks for.</summary>
internal static class HeadroomTiers
{
    /// <summary>Mark of servers that are not looked at.</summary>
    public const double Excluded = 0;

    /// <summary>Both headrooms are at or above 0.</summary>
    public const double Positive = 5;

    /// <summary>A headroom is below 0, and nothing is in flight.</summary>
    private const double Idle = 4;

    private const double OnlyTpotBelow = 3;
    private const double OnlyTtftBelow = 2;
    private const double BothBelow = 1;

    /// <summary>Whether the server is in the positive tier.</summary>
    public static bool IsPositive(in LatencyPredictions predictions, int server) => predictions.TtftHeadroom(server) >= 0 && predictions.TpotHeadroom(server) >= 0;

    /// <summary>Marks each candidate by its group; returns the mark of the best group that has any.</summary>
    /// <param name="requests">In flight on each server of the view; empty where that is not known, and then none counts as idle.</param>
    /// <param name="candidates">Indexes into the view.</param>
    /// <param name="marks">As long as <paramref name="candidates"/>.</param>
    public static double Mark(in LatencyPredictions predictions, ReadOnlySpan<int> requests, ReadOnlySpan<int> candidates, Span<double> marks)
    {
        marks.Fill(BothBelow);
        return MarkAgain(predictions, requests, candidates, marks);
    }

    /// <summary>Marks those candidates that are not <see cref="Excluded"/> already.</summary>
    public static double MarkAgain(in LatencyPredictions predictions, ReadOnlySpan<int> requests, ReadOnlySpan<int> candidates, Span<double> marks)
    {
        var ttfts = predictions.Ttft;
        var tpots = predictions.CountsTpot ? predictions.Tpot : default;
        var (ttftObjective, tpotObjective) = (predictions.TtftObjective, predictions.TpotObjective);
        var best = Excluded;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (marks[i] == Excluded)
            {
                continue;
            }

            var server = candidates[i];
            var isTtftMet = ttfts[server] <= ttftObjective;
            var isTpotMet = tpots.IsEmpty || tpots[server] <= tpotObjective;
            var mark = isTtftMet && isTpotMet ? Positive
                : !requests.IsEmpty && requests[server] == 0 ? Idle
                : isTtftMet ? OnlyTpotBelow
                : isTpotMet ? OnlyTtftBelow
                : BothBelow;
            marks[i] = mark;
            best = mark > best ? mark : best;
        }

        return best;
    }

    /// <summary>The greatest mark.</summary>
    public static double Best(ReadOnlySpan<double> marks)
    {
        var best = Excluded;
        foreach (var mark in marks)
        {
            best = Math.Max(best, mark);
        }

        return best;
    }
}
