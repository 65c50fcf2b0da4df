using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Tests.Scorers;

/// <summary>Scores of all servers of a view.</summary>
internal static class Scoring
{
    /// <param name="requests">In flight on each server; null for not known.</param>
    /// <param name="tokens">In flight on each server; null for not known.</param>
    public static double[] Of(IScorer scorer, PoolView view, InferenceRequest? request = null, int[]? requests = null, long[]? tokens = null, PrefixMatch? match = null)
    {
        var candidates = Enumerable.Range(0, view.Count).ToArray();
        var scores = new double[view.Count];
        Array.Fill(scores, 7);
        scorer.Score(new PickContext(view, request ?? new(), 0, new Random(1), match) { InFlight = new(requests, tokens) }, candidates, scores);
        return scores;
    }

    public static PoolView Servers(int count) => Enumerable.Range(0, count).Aggregate(new ViewBuilder(), (builder, _) => builder.Add()).Build();
}
