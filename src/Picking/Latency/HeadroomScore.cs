namespace Orleans.Inference.Picking.Latency;

/// <summary>Scores servers by their headrooms: c = weight · nTTFT + weight · nTPOT with n = (|headroom| − least) / (greatest − least), in steps of 1/100.</summary>
/// <param name="Ttft">Weight of the time to the first token, at or above 0.</param>
/// <param name="Tpot">Weight of the time for each token after it, at or above 0.</param>
internal readonly record struct HeadroomScore(double Ttft, double Tpot)
{
    /// <summary>Writes the scores of the candidates whose mark is <paramref name="mark"/>, and 0 for the others.</summary>
    /// <param name="candidates">Indexes into the view.</param>
    /// <param name="scores">On entry the marks.</param>
    public void Apply(in LatencyPredictions predictions, ReadOnlySpan<int> candidates, Span<double> scores, double mark, HeadroomSelection selection)
    {
        // Locals: what is reached through a reference is read again for each server.
        var ttfts = predictions.Ttft;
        var tpots = predictions.CountsTpot ? predictions.Tpot : default;
        var (ttftObjective, tpotObjective) = (predictions.TtftObjective, predictions.TpotObjective);

        // 1. How far the headrooms reach.
        var ttft = Range.None;
        var tpot = Range.None;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (scores[i] == mark)
            {
                ttft.Include(Distance(ttftObjective, ttfts, candidates[i]));
                tpot.Include(Distance(tpotObjective, tpots, candidates[i]));
            }
        }

        // 2. What all have in common says nothing; its weight goes to the other.
        var (alpha, beta) = Weights(ttft.IsPoint, tpot.IsPoint);
        for (var i = 0; i < candidates.Length; i++)
        {
            if (scores[i] != mark)
            {
                scores[i] = 0;
                continue;
            }

            var combined = (alpha * ttft.Normalize(Distance(ttftObjective, ttfts, candidates[i]))) + (beta * tpot.Normalize(Distance(tpotObjective, tpots, candidates[i])));
            var score = (Math.Floor(100 * (selection == HeadroomSelection.Most ? combined : 1 - combined)) + 1) / 100;
            scores[i] = score > 1 ? 1 : score;
        }
    }

    /// <summary>|headroom|; 0 where it does not count.</summary>
    private static double Distance(double objective, ReadOnlySpan<float> predicted, int server) => predicted.IsEmpty ? 0 : Math.Abs(objective - predicted[server]);

    private (double Alpha, double Beta) Weights(bool ttftIsPoint, bool tpotIsPoint)
    {
        if (ttftIsPoint != tpotIsPoint)
        {
            return ttftIsPoint ? (0, 1) : (1, 0);
        }

        var sum = Ttft + Tpot;
        return sum > 0 ? (Ttft / sum, Tpot / sum) : (1, 0);
    }

    private struct Range
    {
        private double _least;
        private double _greatest;

        public static Range None => new() { _least = double.PositiveInfinity, _greatest = double.NegativeInfinity };

        /// <summary>All values are the same, but for what rounding makes of them.</summary>
        public readonly bool IsPoint => _greatest - _least <= 1e-9;

        public void Include(double value)
        {
            _least = value < _least ? value : _least;
            _greatest = value > _greatest ? value : _greatest;
        }

        public readonly double Normalize(double value) => IsPoint ? 0.5 : (value - _least) / (_greatest - _least);
    }
}
