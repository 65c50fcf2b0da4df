using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.InFlight;

/// <summary><c>inflight-load-producer</c>: how the requests and tokens in flight on each server are counted.</summary>
/// <remarks>Immutable; safe from any thread. They are counted without it too, as by its defaults.</remarks>
public sealed class InFlightLoadProducer(InFlightLoadParameters parameters) : IDataProducer
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<InFlightLoadProducer, InFlightLoadParameters>("inflight-load-producer", Create) with
    {
        // Configurations of the reference picker may list it below its notifications of endpoints.
        Roles = PluginRoles.DataProducer | PluginRoles.DataExtractor,
        Summary = "Counts the requests in flight on each server, and the tokens of their prompts that it has still to process: what `active-request-scorer`, `token-load-scorer`, `concurrency-detector` and "
            + "others go by. They are counted without it too; it is listed to count the answers as well.",
        Produces = PluginData.InFlightLoad,
        Example = """
            - type: inflight-load-producer
              parameters:
                addEstimatedOutputTokens: true
                outputRatio: 0.5
                maxEstimatedOutputTokens: 2048
            """,
    };

    /// <summary>Tokens that the answer to a request is estimated to have; null where answers are not counted.</summary>
    /// <remarks>min(round(tokens of the prompt · outputRatio), the client's limit, maxEstimatedOutputTokens).</remarks>
    public long? EstimateOutput(InferenceRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!parameters.AddEstimatedOutputTokens)
        {
            return null;
        }

        var estimate = Math.Min(Math.Round(request.EstimatedPromptTokens * parameters.OutputRatio, MidpointRounding.AwayFromZero), parameters.MaxEstimatedOutputTokens ?? int.MaxValue);
        return (long)(request.MaxOutputTokens > 0 ? Math.Min(estimate, request.MaxOutputTokens) : estimate);
    }

    private static InFlightLoadProducer Create(InFlightLoadParameters parameters, PluginContext context)
    {
        context.Resolve<IDataProducer>(parameters.PrefixMatchInfoProducerName);
        return new(parameters);
    }
}
