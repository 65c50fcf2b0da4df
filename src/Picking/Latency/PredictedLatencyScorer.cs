using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Latency;

/// <summary>
/// <c>predicted-latency-scorer</c>: the extension's (v1.5) all-in-one of what <c>prefix-cache-affinity-filter</c>, <c>slo-headroom-tier-filter</c> and <c>latency-scorer</c> do in turn.
/// </summary>
/// <remarks>The extension's plugin gives 1 to the one server that it chooses by itself and 0 to all others; this one scores, and leaves the choice to the picker. Immutable; safe from any thread.</remarks>
public sealed class PredictedLatencyScorer : IScorer
{
    private readonly AffinityGate _global;
    private readonly AffinityGate _within;
    private readonly HeadroomScore _positive;
    private readonly HeadroomScore _negative;
    private readonly CompositeScore _composite;
    private readonly double _exploration;
    private readonly double _tpotFactor;
    private readonly bool _countsTpot;
    private readonly string _strategy;

    /// <summary>One with these parameters.</summary>
    public PredictedLatencyScorer(PredictedLatencyScorerParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _global = new(parameters.AffinityGateTauGlobal, parameters.EpsilonExploreSticky, parameters.AffinityMaxTTFTPenaltyMs);
        _within = new(parameters.AffinityGateTau, parameters.EpsilonExploreSticky, parameters.AffinityMaxTTFTPenaltyMs);
        _positive = new(parameters.HeadroomTTFTWeight, parameters.HeadroomTPOTWeight);
        _negative = new(parameters.NegHeadroomTTFTWeight, parameters.NegHeadroomTPOTWeight);
        _composite = new(parameters);
        _exploration = parameters.EpsilonExploreNeg;
        _tpotFactor = parameters.SloBufferFactor;
        _countsTpot = parameters.StreamingMode;
        _strategy = parameters.HeadroomSelectionStrategy;
    }

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<PredictedLatencyScorer, PredictedLatencyScorerParameters>("predicted-latency-scorer", Create) with
    {
        Summary = "The extension's name (v1.5) for prefix affinity, tiers by objectives and `latency-scorer` in one. New configurations list `prefix-cache-affinity-filter`, `slo-headroom-tier-filter` and `latency-scorer`.",
        Formula = "as `latency-scorer`, over what `affinityGateTauGlobal`, the tier (the servers with both headrooms ≥ 0, with the chance `epsilonExploreNeg` the others) and `affinityGateTau` leave, in this order; 0 for all others",
        Consumes = PluginData.LatencyPrediction | PluginData.PrefixMatch | PluginData.InFlightLoad,
        Example = """
            - type: predicted-latency-scorer
              parameters:
                headroomSelectionStrategy: most
                epsilonExploreSticky: 0
            """,
    };

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        var predictions = context.Latency;
        if (predictions.IsEmpty || _strategy == "composite-only")
        {
            _composite.Apply(context, candidates, scores);
            return;
        }

        if (_countsTpot)
        {
            // The extension's plugin is its own producer.
            predictions = predictions with { CountsTpot = context.Request.Streaming, TpotObjective = (context.Request.Objectives.Tpot ?? 0) * _tpotFactor };
        }

        // 1. Those that hold the prompt.
        const double candidate = HeadroomTiers.Positive;
        scores.Fill(candidate);
        _global.Apply(context, predictions, candidates, scores, candidate);

        // 2. Those that are fast enough; now and then those that are not, where there are both.
        var best = HeadroomTiers.MarkAgain(predictions, context.InFlight.Requests, candidates, scores);
        if (best == HeadroomTiers.Positive && scores.IndexOfAnyExcept(HeadroomTiers.Positive, HeadroomTiers.Excluded) >= 0 && context.Random.NextDouble() < _exploration)
        {
            scores.Replace(HeadroomTiers.Positive, HeadroomTiers.Excluded);
            best = HeadroomTiers.Best(scores);
        }

        // 3. Of these, those that hold most of the prompt.
        _within.Apply(context, predictions, candidates, scores, best);
        ScoreGroup(context, predictions, candidates, scores, best);
    }

    private void ScoreGroup(in PickContext context, in LatencyPredictions predictions, ReadOnlySpan<int> candidates, Span<double> scores, double mark)
    {
        if (mark != HeadroomTiers.Positive)
        {
            _negative.Apply(predictions, candidates, scores, mark, HeadroomSelection.Least);
        }
        else if (_strategy is "least" or "most")
        {
            _positive.Apply(predictions, candidates, scores, mark, _strategy == "most" ? HeadroomSelection.Most : HeadroomSelection.Least);
        }
        else
        {
            _composite.ApplyTo(mark, context, candidates, scores, isReversed: _strategy == "composite-least");
        }
    }

    private static PredictedLatencyScorer Create(PredictedLatencyScorerParameters parameters, PluginContext context)
    {
        var defaults = new PredictedLatencyScorerParameters();
        WarnIf(parameters.SamplingMean != defaults.SamplingMean, "samplingMean", "every answer is learned from");
        WarnIf(parameters.MaxSampledTokens != defaults.MaxSampledTokens, "maxSampledTokens", "every answer is learned from");
        WarnIf(parameters.MaxDecodeTokenSamplesForPrediction != defaults.MaxDecodeTokenSamplesForPrediction, "maxDecodeTokenSamplesForPrediction", "every answer is learned from");
        WarnIf(parameters.ContextTTL != defaults.ContextTTL, "contextTTL", "what is kept of a request ends with it");
        WarnIf(parameters.EndpointRoleLabel != defaults.EndpointRoleLabel, "endpointRoleLabel", "a pool has one model of its latencies");
        WarnIf(parameters.SelectionMode != defaults.SelectionMode, "selectionMode", "the profile's picker chooses");
        return new(parameters);

        void WarnIf(bool isSet, string parameter, string reason)
        {
            if (isSet)
            {
                context.Warn(parameter, $"{parameter} has no effect here: {reason}");
            }
        }
    }
}
