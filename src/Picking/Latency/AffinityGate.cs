using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Latency;

/// <summary>Narrows candidates to those that hold most of the prompt, unless these are much slower.</summary>
/// <param name="Threshold">Part of the prompt that a server has to hold, 0 to 1; 0 is off.</param>
/// <param name="Exploration">Chance that nothing is narrowed.</param>
/// <param name="MaxPenalty">Milliseconds to the first token that the fastest of them may take longer than the fastest other; 0 for any.</param>
internal readonly record struct AffinityGate(double Threshold, double Exploration, double MaxPenalty)
{
    /// <summary>Sets the marks of the candidates that are left out to <see cref="HeadroomTiers.Excluded"/>, of those whose mark is <paramref name="mark"/>.</summary>
    /// <param name="predictions">Of at least one server.</param>
    public void Apply(in PickContext context, in LatencyPredictions predictions, ReadOnlySpan<int> candidates, Span<double> marks, double mark)
    {
        if (Threshold <= 0 || context.Prefix.Servers.IsEmpty || (Exploration > 0 && context.Random.NextDouble() < Exploration))
        {
            return;
        }

        var (holding, other) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var i = 0; i < candidates.Length; i++)
        {
            if (marks[i] == mark)
            {
                ref var fastest = ref IsHolding(context, candidates[i]) ? ref holding : ref other;
                fastest = Math.Min(fastest, predictions.Ttft[candidates[i]]);
            }
        }

        if (double.IsInfinity(holding) || (MaxPenalty > 0 && holding - other > MaxPenalty))
        {
            return;
        }

        for (var i = 0; i < candidates.Length; i++)
        {
            if (marks[i] == mark && !IsHolding(context, candidates[i]))
            {
                marks[i] = HeadroomTiers.Excluded;
            }
        }
    }

    private bool IsHolding(in PickContext context, int server) => context.PrefixShare(server) >= Threshold;
}
