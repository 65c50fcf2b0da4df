using Orleans.Inference.Picking.Admission;
using Orleans.Inference.Picking.Filters;
using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.Picking.Legacy;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Multimodal;
using Orleans.Inference.Picking.Pickers;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Saturation;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scheduling.Disaggregation;
using Orleans.Inference.Picking.Scorers;
using Orleans.Inference.Picking.Sessions;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>The plugins of this library: one line each, by type.</summary>
internal static class BuiltInPlugins
{
    public static void AddTo(PluginRegistry registry)
    {
        AddFilters(registry);
        AddScorers(registry);
        AddPickers(registry);
        AddProfileHandlers(registry);
        AddDisaggregation(registry);
        AddDataProducers(registry);
        AddAdmitters(registry);
        AddOthers(registry);
    }

    private static void AddAdmitters(PluginRegistry registry)
    {
        registry.Add(LatencySloAdmitter.Definition);
        registry.Add(ProbabilisticAdmitter.Definition);
    }

    private static void AddFilters(PluginRegistry registry)
    {
        registry.Add(EndpointAttributeFilter.Definition);
        registry.Add(FreshFilter.Definition);
        registry.Add(HeaderBasedTestingFilter.Definition);
        registry.Add(SloHeadroomTierFilter.Definition);
        registry.Add(LegacyFilterTree.Definition);
        registry.Add(PrefixCacheAffinityFilter.Definition);
        registry.Add(SessionAffinityFilter.Definition);
        foreach (var filter in LabelFilter.Definitions.Concat(LabelSelectorFilter.Definitions))
        {
            registry.Add(filter);
        }

        registry.Add(UtilizationFilter.Definition);
    }

    private static void AddScorers(PluginRegistry registry)
    {
        registry.Add(ActiveRequestScorer.Definition);
        registry.Add(ContextLengthAware.Definition);
        registry.Add(EndpointAttributeScorer.Definition);
        registry.Add(HeaderLabelAffinityScorer.Definition);
        registry.Add(KvCacheUtilizationScorer.Definition);
        registry.Add(LatencyScorer.Definition);
        registry.Add(LoadAwareScorer.Definition);
        registry.Add(LoraAffinityScorer.Definition);
        registry.Add(MmEmbeddingsCacheScorer.Definition);
        registry.Add(NoHitLruScorer.Definition);
        registry.Add(PrecisePrefixCacheScorer.Definition);
        registry.Add(PredictedLatencyScorer.Definition);
        registry.Add(PrefixCacheScorer.Definition);
        registry.Add(QueueScorer.Definition);
        registry.Add(RunningRequestsSizeScorer.Definition);
        registry.Add(SessionAffinityScorer.Definition);
        registry.Add(TokenLoadScorer.Definition);
    }

    private static void AddPickers(PluginRegistry registry)
    {
        registry.Add(MaxScorePicker.Definition);
        registry.Add(RandomPicker.Definition);
        registry.Add(WeightedRandomPicker.Definition);
    }

    private static void AddProfileHandlers(PluginRegistry registry)
    {
        registry.Add(DataParallelProfileHandler.Definition);
        registry.Add(DisaggProfileHandler.Definition);
        registry.Add(HeaderProfileHandler.Definition);
        registry.Add(PdProfileHandler.Definition);
        registry.Add(SingleProfileHandler.Definition);
    }

    private static void AddDisaggregation(PluginRegistry registry)
    {
        registry.Add(AlwaysDisaggMultimodalDecider.Definition);
        registry.Add(AlwaysDisaggPdDecider.Definition);
        registry.Add(PrefixBasedPdDecider.Definition);
        foreach (var handler in DisaggHeadersHandler.Definitions)
        {
            registry.Add(handler);
        }
    }

    private static void AddDataProducers(PluginRegistry registry)
    {
        registry.Add(ApproxPrefixCacheProducer.Definition);
        registry.Add(InFlightLoadProducer.Definition);
        registry.Add(MmEmbeddingsCacheProducer.Definition);
        registry.Add(PrecisePrefixCacheProducer.Definition);
        registry.Add(PredictedLatencyProducer.Definition);
        registry.Add(SessionIdProducer.Definition);
    }

    private static void AddOthers(PluginRegistry registry)
    {
        registry.Add(ConcurrencyDetector.Definition);
        registry.Add(UtilizationDetector.Definition);
        foreach (var plugin in FlowControlPolicies.All.Concat(DataLayerPlugins.All))
        {
            registry.Add(plugin);
        }
    }
}
