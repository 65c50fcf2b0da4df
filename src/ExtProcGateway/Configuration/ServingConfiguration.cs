using Orleans.Inference.ExtProcGateway.Rendering;
using Orleans.Inference.ExtProcGateway.Reporting;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Multimodal;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Tokenization;

namespace Orleans.Inference.ExtProcGateway.Configuration;

/// <summary>A configuration, ready to serve by.</summary>
/// <remarks>Immutable.</remarks>
internal sealed class ServingConfiguration(PickerConfiguration picker, RequestRoutes routes)
{
    /// <summary>Plugins and profiles.</summary>
    public PickerConfiguration Picker { get; } = picker;

    /// <summary>What is done with a request, by its path.</summary>
    public RequestRoutes Routes { get; } = routes;

    /// <summary>What is told the proxy of each response; null for nothing.</summary>
    public AttributeReports? Reports { get; } = picker.Plugins.Select(plugin => plugin.Plugin).OfType<RequestAttributeReporter>().ToList() is { Count: > 0 } reporters ? new(reporters) : null;

    /// <summary>Tells whose a request is that names no flow; null where that is nobody's.</summary>
    public AgentIdentity? AgentIdentity { get; } = picker.Find<AgentIdentity>();

    /// <summary>
    /// The plugin that finds out who holds a prompt, from what was sent; null where no plugin asks. Those that ask the servers' own events go by it, too, where a prompt's tokens are not known.
    /// </summary>
    public PluginInstance? PrefixProducer { get; } =
        (picker.Consumes & (PluginData.PrefixMatch | PluginData.PrecisePrefixMatch)) != 0 ? picker.Plugins.FirstOrDefault(plugin => plugin.Plugin is ApproxPrefixCacheProducer) : null;

    /// <summary>How prompts are hashed; null where no plugin asks who holds them.</summary>
    public PrefixCacheOptions? Prefix => (PrefixProducer?.Plugin as ApproxPrefixCacheProducer)?.Options;

    /// <summary>How many pictures, videos and sounds are remembered; null where no plugin asks who has encoded them.</summary>
    public MmEmbeddingsCacheProducer? Media { get; } = (picker.Consumes & PluginData.MultiModalMatch) != 0 ? picker.Find<MmEmbeddingsCacheProducer>() : null;

    /// <summary>The plugin that says where the servers' own events come from; null where no plugin asks for them.</summary>
    public PluginInstance? EventsProducer { get; } = (picker.Consumes & PluginData.PrecisePrefixMatch) != 0
        ? picker.Plugins.FirstOrDefault(plugin => plugin.Plugin is PrecisePrefixCacheProducer) ?? picker.Plugins.FirstOrDefault(plugin => plugin.Plugin is IPrecisePrefixSource)
        : null;

    /// <summary>Where the servers' own events come from; null where no plugin asks for them.</summary>
    public KvEventOptions? Events => (EventsProducer?.Plugin as IPrecisePrefixSource)?.Events;

    /// <summary>How what is in flight is counted; null for the defaults.</summary>
    public InFlightLoadProducer? InFlight { get; } = picker.Find<InFlightLoadProducer>();

    /// <summary>Who makes tokens of prompts that are text; null for nobody, and where no plugin asks what servers hold of these.</summary>
    public RenderOptions? Render { get; } = (picker.Consumes & PluginData.PrecisePrefixMatch) != 0 ? picker.Find<TokenProducer>()?.Render : null;

    /// <summary>How pictures and videos are counted: as the first <c>token-producer</c> says, else by its defaults.</summary>
    public MediaEstimate MediaEstimate { get; } = picker.Find<TokenProducer>()?.Estimate ?? new(new EstimateParameters());

    /// <summary>Some plugin goes by the prompt's tokens, or by whether it has pictures; or it is said how they are counted.</summary>
    public bool CountsTokens { get; } = (picker.Consumes & PluginData.Tokens) != 0 || picker.Plugins.Any(plugin => plugin is { IsImplied: false, Plugin: TokenProducer });

    /// <summary>What predicts latencies; null where they are neither learned nor predicted.</summary>
    public PredictedLatencyProducer? Latency { get; } = picker.Find<PredictedLatencyProducer>();

    /// <summary>Tell the client which server has answered.</summary>
    public bool VerifyServed { get; } = picker.Find<DestinationServedVerifier>() is not null;
}
