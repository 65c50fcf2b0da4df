using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>
/// <c>active-request-scorer</c>: 1 where at most <c>idleThreshold</c> requests are in flight; else (max − count) / max · <c>maxBusyScore</c>, with the greatest count of the candidates.
/// </summary>
/// <param name="idleThreshold"><c>idleThreshold</c>: up to this many requests count as none.</param>
/// <param name="maxBusyScore"><c>maxBusyScore</c>, 0 to 1: what a server with more than that can come to.</param>
public sealed class ActiveRequestScorer(int idleThreshold = 0, double maxBusyScore = 1) : IScorer
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<ActiveRequestScorer, ActiveRequestScorerParameters>("active-request-scorer", Create) with
    {
        Summary = "Prefers servers with fewer requests in flight, by what the picker has sent them, not by what they report.",
        Formula = "1 where count ≤ idleThreshold; else (max − count) / max · maxBusyScore, max over the candidates",
        Consumes = PluginData.InFlightLoad,
        Example = """
            - type: active-request-scorer
              parameters:
                idleThreshold: 1
                maxBusyScore: 0.5
            """,
    };

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        var requests = context.InFlight.Requests;
        if (requests.IsEmpty)
        {
            scores.Fill(1);
            return;
        }

        var max = 0;
        foreach (var candidate in candidates)
        {
            max = Math.Max(max, requests[candidate]);
        }

        for (var i = 0; i < candidates.Length; i++)
        {
            var count = requests[candidates[i]];
            scores[i] = count <= idleThreshold ? 1 : (double)(max - count) / max * maxBusyScore;
        }
    }

    private static ActiveRequestScorer Create(ActiveRequestScorerParameters parameters, PluginContext context)
    {
        context.Resolve<IDataProducer>(parameters.InFlightLoadProducerName);
        if (!string.IsNullOrEmpty(parameters.RequestTimeout))
        {
            context.Warn("requestTimeout", "requestTimeout is deprecated and has no effect: a request counts until it has ended");
        }

        return new(parameters.IdleThreshold, parameters.MaxBusyScore);
    }
}
