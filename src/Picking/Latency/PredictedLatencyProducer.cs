using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Latency;

/// <summary><c>predicted-latency-producer</c>: how long each server would take for a request, as learned from the answers that went by.</summary>
/// <remarks>What is learned belongs to the pool (<see cref="LatencyPredictor"/>), not to the configuration: it outlives a reload. Immutable; safe from any thread.</remarks>
/// <param name="precise">Go by what the servers' own events tell.</param>
public sealed class PredictedLatencyProducer(PredictedLatencyParameters parameters, bool precise = false) : IDataProducer
{
    /// <summary>Whether the features of a prediction go by what the servers' own events tell.</summary>
    public bool IsPrecise => precise;

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<PredictedLatencyProducer, PredictedLatencyParameters>("predicted-latency-producer", Create) with
    {
        Summary = "Predicts how long each server would take: a model of each pool that learns in this process from the answers it passes on, in place of the reference's sidecars. "
            + "There is one without being listed where a plugin needs it; the sidecars' environment variables have no effect.",
        Produces = PluginData.LatencyPrediction,
        Consumes = PluginData.PrefixMatch | PluginData.InFlightLoad,
        Example = """
            - type: predicted-latency-producer
              parameters:
                streamingMode: true
                sloBufferFactor: 0.9
            """,
    };

    /// <summary>Predicts for one decision, of which load and prefix match are known; empty where too little was learned.</summary>
    /// <param name="predictor">The pool's.</param>
    /// <param name="columns">Room for the predictions, valid until the next decision with it.</param>
    public LatencyPredictions Predict(scoped in PickContext context, LatencyPredictor predictor, PredictionColumns columns)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(columns);
        var request = context.Request;
        return parameters.PredictInProduce && predictor.Weights is { } weights && columns.Fill(context.WithPrefix(precise), weights, out var ttft, out var tpot)
            ? new LatencyPredictions
            {
                Ttft = ttft,
                Tpot = tpot,
                TtftObjective = request.Objectives.Ttft ?? 0,
                TpotObjective = (request.Objectives.Tpot ?? 0) * parameters.SloBufferFactor,
                CountsTpot = parameters.StreamingMode && request.Streaming,
            }
            : default;
    }

    private static PredictedLatencyProducer Create(PredictedLatencyParameters parameters, PluginContext context)
    {
        context.Resolve<IDataProducer>(parameters.InFlightLoadProducerName);
        var defaults = new PredictedLatencyParameters();
        WarnIf(parameters.SamplingMean != defaults.SamplingMean, "samplingMean", "every answer is learned from");
        WarnIf(parameters.MaxDecodeTokenSamplesForPrediction != defaults.MaxDecodeTokenSamplesForPrediction, "maxDecodeTokenSamplesForPrediction", "every answer is learned from");
        WarnIf(parameters.ContextTTL != defaults.ContextTTL, "contextTTL", "what is kept of a request ends with it");
        WarnIf(parameters.EndpointRoleLabel != defaults.EndpointRoleLabel, "endpointRoleLabel", "a pool has one model of its latencies");
        WarnIf(parameters.UseEncoderCacheFeatures, "useEncoderCacheFeatures", "images and sounds are no features here");
        return new(parameters, context.IsPrecise(parameters.PrefixMatchInfoProducerName));

        void WarnIf(bool isSet, string parameter, string reason)
        {
            if (isSet)
            {
                context.Warn(parameter, $"{parameter} has no effect: predictions are made in this process, and {reason}");
            }
        }
    }
}
