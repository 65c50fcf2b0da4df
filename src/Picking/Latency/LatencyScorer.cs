using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Latency;

/// <summary><c>latency-scorer</c>: by how much each server is predicted to be faster, or slower, than the request asks for.</summary>
/// <remarks>Immutable; safe from any thread.</remarks>
public sealed class LatencyScorer : IScorer
{
    private readonly HeadroomScore _headrooms;
    private readonly CompositeScore _composite;
    private readonly HeadroomSelection _selection;
    private readonly bool _precise;

    /// <summary>One with these parameters.</summary>
    /// <param name="precise">Go by what the servers' own events tell.</param>
    public LatencyScorer(LatencyScorerParameters parameters, bool precise = false)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _headrooms = new(parameters.TtftWeight, parameters.TpotWeight);
        _composite = new(parameters);
        _precise = precise;
        _selection = parameters.HeadroomSelectionStrategy == "most" ? HeadroomSelection.Most : HeadroomSelection.Least;
    }

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<LatencyScorer, LatencyScorerParameters>("latency-scorer", Create) with
    {
        Summary = "Prefers servers that are predicted to do what the headers `x-llm-d-slo-ttft-ms` and `x-llm-d-slo-tpot-ms` ask for, and without these the fastest; without predictions, by load and prefix match.",
        Formula = "headroom h = objective − prediction. Servers with both h ≥ 0 are scored, others 0; where there are none, those with nothing in flight, else of the groups with only TPOT, only TTFT, "
            + "both below 0 the first that has any. c = Σ weight · (|h| − min)/(max − min) over the two, weights normalised, one without a range left out; `most`: (⌊100·c⌋ + 1)/100, `least`, and always "
            + "below 0: (⌊100·(1 − c)⌋ + 1)/100. Without predictions round(100·c)/100 with c = Σ weight · (1 − KV usage, (longest queue − queue)/longest queue, prefix match), weights normalised",
        Consumes = PluginData.LatencyPrediction | PluginData.PrefixMatch | PluginData.InFlightLoad,
        Example = """
            - type: latency-scorer
              parameters:
                headroomSelectionStrategy: most
            """,
    };

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        var predictions = context.Latency;
        if (predictions.IsEmpty)
        {
            _composite.Apply(context.WithPrefix(_precise), candidates, scores);
            return;
        }

        var mark = HeadroomTiers.Mark(predictions, context.InFlight.Requests, candidates, scores);
        _headrooms.Apply(predictions, candidates, scores, mark, mark == HeadroomTiers.Positive ? _selection : HeadroomSelection.Least);
    }

    private static LatencyScorer Create(LatencyScorerParameters parameters, PluginContext context)
    {
        context.Resolve<IDataProducer>(parameters.LatencyPredictionInfoProducerName);
        return new(parameters, context.IsPrecise(parameters.PrefixMatchInfoProducerName));
    }
}
