using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Scorers;

/// <summary><c>precise-prefix-cache-scorer</c>: <c>precise-prefix-cache-producer</c> and a <c>prefix-cache-scorer</c> that goes by it, in one plugin.</summary>
/// <remarks>Where there is such a producer, too, that one's parameters count.</remarks>
public sealed class PrecisePrefixCacheScorer(KvEventOptions events) : IScorer, IPrecisePrefixSource
{
    private readonly PrefixCacheScorer _scorer = new(precise: true);

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<PrecisePrefixCacheScorer, PrecisePrefixCacheParameters>(
        "precise-prefix-cache-scorer", (parameters, context) => new(parameters.ReadEvents(context))) with
    {
        // Configurations of the reference picker list it below its notifications of endpoints.
        Roles = PluginRoles.Scorer | PluginRoles.DataProducer | PluginRoles.DataExtractor,
        Summary = "Prefers servers that have more of the prompt in their KV cache, as their events tell; the same as `precise-prefix-cache-producer` and a `prefix-cache-scorer` that names it, which "
            + "the reference recommends. Where there is such a producer, too, that one's parameters count.",
        Formula = "blocks of the longest prefix that the server holds / all whole blocks of the prompt; 0 where nothing matches",
        Consumes = PluginData.PrecisePrefixMatch,
        Produces = PluginData.PrecisePrefixMatch,
        Example = """
            - type: precise-prefix-cache-scorer
              parameters:
                kvEventsConfig:
                  topicFilter: kv@
            """,
    };

    /// <inheritdoc/>
    public KvEventOptions Events => events;

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores) => _scorer.Score(context, candidates, scores);
}
