using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Prefix;

/// <summary><c>precise-prefix-cache-producer</c>: which part of a prompt each server has in its KV cache, from the events that the servers publish.</summary>
/// <remarks>Immutable; safe from any thread.</remarks>
public sealed class PrecisePrefixCacheProducer(KvEventOptions events) : IPrecisePrefixSource
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<PrecisePrefixCacheProducer, PrecisePrefixCacheParameters>(
        "precise-prefix-cache-producer", (parameters, context) => new(parameters.ReadEvents(context))) with
    {
        // Configurations of the reference picker list it below its notifications of endpoints.
        Roles = PluginRoles.DataProducer | PluginRoles.DataExtractor,
        Summary = "Finds out how much of a prompt each server has cached, from the KV-cache events that vLLM and SGLang publish: see [KV-cache events](kv-events.md). Plugins go by it that name it "
            + "in `prefixMatchInfoProducerName`.",
        Produces = PluginData.PrecisePrefixMatch,
        Example = """
            - type: precise-prefix-cache-producer
              parameters:
                kvEventsConfig:
                  podDiscoveryConfig:
                    socketPort: 5557
                    replaySocketPort: 5558
            - type: prefix-cache-scorer
              parameters:
                prefixMatchInfoProducerName: precise-prefix-cache-producer
            """,
    };

    /// <inheritdoc/>
    public KvEventOptions Events => events;
}
