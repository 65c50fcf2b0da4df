using System.ComponentModel;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Prefix;

/// <summary>Parameters of <c>precise-prefix-cache-producer</c> and <c>precise-prefix-cache-scorer</c>, with the reference picker's names and defaults.</summary>
public sealed record PrecisePrefixCacheParameters
{
    /// <summary>How blocks are named.</summary>
    [Description("How the reference names blocks.")]
    public TokenProcessorParameters TokenProcessorConfig { get; init; } = new();

    /// <summary>The reference's index.</summary>
    [Description("The reference's index.")]
    public KvIndexerParameters IndexerConfig { get; init; } = new();

    /// <summary>Where the events come from.</summary>
    [Description("Where the events come from.")]
    public KvEventsParameters KvEventsConfig { get; init; } = new();

    /// <summary>Count blocks of requests that were just sent.</summary>
    [Description("No effect: a server holds a block from its event on.")]
    public bool SpeculativeIndexing { get; init; }

    /// <summary>For how long.</summary>
    [Description("No effect.")]
    public string SpeculativeTTL { get; init; } = "";

    /// <summary>Where the events come from; warns of what has no effect here, and refuses what can't be done.</summary>
    internal KvEventOptions ReadEvents(PluginContext context)
    {
        var events = KvEventsConfig;
        if (!events.DiscoverPods)
        {
            context.Fault("kvEventsConfig", "kvEventsConfig.discoverPods must be true: events are read where each server publishes them");
        }

        WarnIf(events.ZmqEndpoint.Length > 0, "kvEventsConfig", "kvEventsConfig.zmqEndpoint: no endpoint is opened for servers to connect to; events are read where each server publishes them");
        WarnIf(SpeculativeIndexing, "speculativeIndexing", "speculativeIndexing has no effect: a server holds a block from its event on");
        WarnIf(TokenProcessorConfig.HashSeed.Length > 0, "tokenProcessorConfig", "tokenProcessorConfig.hashSeed has no effect: blocks are named the same way for servers and requests");
        WarnIf(IndexerConfig.KvBlockIndexConfig?.RedisConfig is not null, "indexerConfig", "indexerConfig.kvBlockIndexConfig.redisConfig has no effect: each gateway keeps an index of its own");
        WarnIf(!IndexerConfig.KvCacheBackendConfigs.IsEmpty, "indexerConfig", "indexerConfig.kvCacheBackendConfigs has no effect: a block counts 1 in whatever tier of a cache it is");
        if (IndexerConfig.TokenizersPoolConfig is not null)
        {
            context.Fault("indexerConfig", "indexerConfig.tokenizersPoolConfig is not supported: no tokenizer runs here");
        }

        return new(events.TopicFilter, events.PodDiscoveryConfig.SocketPort, Math.Max(0, events.PodDiscoveryConfig.ReplaySocketPort));

        void WarnIf(bool isSet, string parameter, string message)
        {
            if (isSet)
            {
                context.Warn(parameter, message);
            }
        }
    }
}
