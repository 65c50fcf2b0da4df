using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Latency;

/// <summary><c>slo-headroom-tier-filter</c>: keeps the servers that are predicted to do what the request asks for, where there are any; now and then the others instead.</summary>
/// <remarks>Immutable; safe from any thread.</remarks>
/// <param name="epsilon"><c>epsilonExploreNeg</c>: the chance that the others are kept.</param>
public sealed class SloHeadroomTierFilter(double epsilon) : IFilter
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<SloHeadroomTierFilter, SloHeadroomTierParameters>("slo-headroom-tier-filter", Create) with
    {
        Summary = "Keeps the servers that are predicted to do what the headers `x-llm-d-slo-ttft-ms` and `x-llm-d-slo-tpot-ms` ask for, where some do and others don't; with a small chance the others. All without predictions.",
        Consumes = PluginData.LatencyPrediction,
        Example = """
            - type: slo-headroom-tier-filter
              parameters:
                epsilonExploreNeg: 0.05
            """,
    };

    /// <inheritdoc/>
    public int Keep(in PickContext context, Span<int> candidates)
    {
        var predictions = context.Latency;
        if (predictions.IsEmpty)
        {
            return candidates.Length;
        }

        var positive = 0;
        foreach (var server in candidates)
        {
            positive += HeadroomTiers.IsPositive(predictions, server) ? 1 : 0;
        }

        if (positive == 0 || positive == candidates.Length)
        {
            return candidates.Length;
        }

        var keepPositive = context.Random.NextDouble() >= epsilon;
        var kept = 0;
        foreach (var server in candidates)
        {
            if (HeadroomTiers.IsPositive(predictions, server) == keepPositive)
            {
                candidates[kept++] = server;
            }
        }

        return kept;
    }

    private static SloHeadroomTierFilter Create(SloHeadroomTierParameters parameters, PluginContext context)
    {
        context.Resolve<IDataProducer>(parameters.LatencyPredictionInfoProducerName);
        return new(parameters.EpsilonExploreNeg);
    }
}
