using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Filters;
using Orleans.Inference.Picking.Pickers;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Saturation;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scorers;
using static Orleans.Inference.Picking.Tests.Configuration.Loading;

namespace Orleans.Inference.Picking.Tests.Configuration;

/// <summary>What a valid configuration comes to, and what is taken for what it leaves out.</summary>
public sealed class ConfigurationLoaderTests
{
    private const string TwoScorers = "plugins:\n- type: queue-scorer\n- type: kv-cache-utilization-scorer\n";

    [Fact]
    public void Load_Nothing_HasTheSystemDefaults()
    {
        var configuration = Accept("");

        Assert.IsType<SingleProfileHandler>(configuration.Find<IProfileHandler>());
        Assert.IsType<MaxScorePicker>(configuration.Find<IPicker>());
        Assert.IsType<UtilizationDetector>(configuration.SaturationDetector);
        Assert.Empty(configuration.Parsers);
        Assert.False(configuration.FeatureGates.FlowControl);
        Assert.Equal(PluginData.None, configuration.Consumes);
        Assert.All(["fcfs-ordering-policy", "global-strict-fairness-policy", "static-usage-limit-policy"], type => Assert.True(configuration.Has(type)));
    }

    [Fact]
    public void Load_NoProfiles_AllFiltersScorersAndPickersMakeOneWithWeight1()
    {
        // Queues 0 and 4, caches 0.9 and 0: 1 + 0.1 against 0 + 1 with equal weights.
        Assert.Equal([0], Pick(Accept(TwoScorers), new ViewBuilder().Add(queued: 0, kv: 0.9).Add(queued: 4, kv: 0).Build()));

        // As a filter, the detector leaves out the first.
        Assert.Equal([1], Pick(Accept(TwoScorers + "- type: utilization-detector\n"), new ViewBuilder().Add(queued: 0, kv: 0.9).Add(queued: 4, kv: 0).Build()));
    }

    [Fact]
    public void Load_Weights_AreUsedAsTheyAre()
    {
        var view = new ViewBuilder().Add(queued: 0, kv: 0.9).Add(queued: 4, kv: 0).Build();

        // 1·w + 0.1 against 0·w + 1: equal at w = 0.9.
        Assert.Equal([1], Pick(Accept(TwoScorers + Profile("0.89")), view));
        Assert.Equal([0], Pick(Accept(TwoScorers + Profile("0.91")), view));
        Assert.Equal([1], Pick(Accept(TwoScorers + Profile("0")), view));
        Assert.Equal([1], Pick(Accept(TwoScorers + Profile("-1")), view));

        static string Profile(string weight) =>
            $"schedulingProfiles:\n- name: p\n  plugins:\n  - {{pluginRef: queue-scorer, weight: {weight}}}\n  - pluginRef: kv-cache-utilization-scorer\n";
    }

    [Fact]
    public void Load_ProfileWithoutAPicker_HasTheConfigurationsOwn()
    {
        var configuration = Accept("""
            plugins:
            - {type: queue-scorer}
            - {name: three, type: max-score-picker, parameters: {maxNumOfEndpoints: 3}}
            schedulingProfiles:
            - name: p
              plugins: [{pluginRef: queue-scorer}]
            """);

        Assert.Equal([2, 1, 0], Pick(configuration, new ViewBuilder().Add(queued: 3).Add(queued: 2).Add(queued: 1).Add(queued: 9).Build()));
    }

    [Theory]
    [InlineData("apiVersion: inference.networking.x-k8s.io/v1alpha1\nkind: EndpointPickerConfig\n", "1:13: apiVersion inference.networking.x-k8s.io/v1alpha1 is deprecated; use llm-d.ai/v1alpha1")]
    [InlineData(Head + "featureGates: [dataLayer]\n", "3:16: feature gate 'dataLayer' is deprecated and has no effect: the data layer is always on")]
    [InlineData(Head + "featureGates: [haPopulateNonLeaderDatastore=false]\n", "3:16: feature gate 'haPopulateNonLeaderDatastore' has no effect: every replica serves, and holds the state of its pools")]
    [InlineData(Head + "featureGates: [haPopulateNonLeaderDatastore=true, flowControl=false]\n")]
    [InlineData(Head + "featureGates: [flowControl]\n", "3:16: flow control is not available in this version: requests are admitted as without the feature gate flowControl")]
    [InlineData(Head + "flowControl: {maxBytes: 1Gi, defaultRequestTTL: 10s}\n", "3:14: flowControl is ignored, but for its saturationDetector: the feature gate flowControl is off")]
    [InlineData(Head + "plugins: [{name: d, type: utilization-detector}]\nsaturationDetector: {pluginRef: d}\n", "4:21: saturationDetector is deprecated; use flowControl.saturationDetector")]
    [InlineData(Head + "plugins: [{name: d, type: utilization-detector}]\nflowControl: {saturationDetector: {pluginRef: d}}\n")]
    [InlineData(Head + "saturationDetector: {}\n", "3:21: saturationDetector is deprecated; use flowControl.saturationDetector")]
    [InlineData(Head + "saturationDetector: {pluginRef: utilization-detector}\n", "3:21: saturationDetector is deprecated; use flowControl.saturationDetector")]
    [InlineData(Head + "plugins: [{type: random-picker}]\nschedulingProfiles: [{name: p, plugins: [{pluginRef: random-picker, weight: 2}]}]\n", "4:54: the weight of 'random-picker' has no effect: it is no scorer")]
    [InlineData(Head + "plugins: [{type: approx-prefix-cache-producer, parameters: {blockSize: 32}}]\n", "3:72: plugin 'approx-prefix-cache-producer': blockSize is deprecated; use blockSizeTokens", "3:72: plugin 'approx-prefix-cache-producer': blockSize is 32: a block has 64 tokens at least, which count instead")]
    [InlineData(Head + "dataLayer: {crossReplicaSyncInterval: 1s}\n", "3:39: dataLayer.crossReplicaSyncInterval has no effect: replicas share their state through the cluster")]
    public void Load_WhatIsOldOrWithoutEffect_IsAcceptedWithAWarning(string text, params string[] warnings)
    {
        var outcome = ConfigurationLoader.Load("c.yaml", text, PluginRegistry.CreateBuiltIn(), new ConfigurationLoadOptions());

        Assert.Empty(outcome.Faults);
        Assert.NotNull(outcome.Configuration);
        Assert.Equal(warnings.Select(warning => $"c.yaml:{warning}"), outcome.Warnings);
    }

    [Theory]
    [InlineData("flowControl", true)]
    [InlineData("flowControl= false", false)]
    [InlineData("flowControl= True ", true)]
    [InlineData("flowControl=fALSE", false)]
    [InlineData("flowControl=t", true)]
    [InlineData("flowControl=0", false)]
    [InlineData("flowControl=true=false", true)]
    public void Load_FeatureGate_IsReadAsTheReferenceReadsIt(string gate, bool on) => Assert.Equal(on, Accept($"featureGates: ['{gate}']\n").FeatureGates.FlowControl);

    [Theory]
    [InlineData("saturationDetector: {}\n")]
    [InlineData("saturationDetector: {pluginRef: ''}\n")]
    [InlineData("flowControl: {saturationDetector: {}}\n")]
    // The section that counts is there; that it leaves the choice open is no reason to take the older one.
    [InlineData("plugins: [{name: lax, type: utilization-detector, parameters: {queueDepthThreshold: 20}}]\nsaturationDetector: {pluginRef: lax}\nflowControl: {saturationDetector: {pluginRef: ''}}\n")]
    public void Load_SlotOfTheSaturationDetectorWithoutAName_HasTheDefaultOne(string body)
    {
        var context = new PickContext(new ViewBuilder().Add(queued: 4).Build(), new InferenceRequest(), 0, new Random(1));

        Assert.Equal(0.8, Accept(body).SaturationDetector.Saturation(context, [0]));
    }

    [Fact]
    public void Load_ParserThatIsNotListed_IsMadeWhereItIsNamed()
    {
        var registry = PluginRegistry.CreateBuiltIn().Add(Parser("openai-parser")).Add(Parser("passthrough-parser"));

        Assert.Equal("openai-parser", Assert.Single(Accept("requestHandler: {parsers: [{pluginRef: openai-parser}]}\n", registry).Parsers));
        Assert.Equal("passthrough-parser", Assert.Single(Accept("parser: {pluginRef: passthrough-parser}\n", registry).Parsers));
        Assert.False(Accept("", registry).Has("openai-parser"));
        Assert.Equal(["c.yaml:3:40: requestHandler.parsers[0].pluginRef: there is no plugin 'queue-scorer'"], Load("requestHandler: {parsers: [{pluginRef: queue-scorer}]}\n", registry).Faults);

        static PluginDefinition Parser(string type) => PluginDefinition.Of(type, _ => new object()) with { Roles = PluginRoles.Parser, Summary = "Of a test." };
    }

    [Fact]
    public void Load_OlderSlotOfTheSaturationDetector_NamesTheDetector()
    {
        var configuration = Accept("plugins: [{name: lax, type: utilization-detector, parameters: {queueDepthThreshold: 20}}]\nsaturationDetector: {pluginRef: lax}\n");
        var context = new PickContext(new ViewBuilder().Add(queued: 10).Build(), new InferenceRequest(), 0, new Random(1));

        Assert.Equal(0.5, configuration.SaturationDetector.Saturation(context, [0]));
    }

    [Fact]
    public void Load_ConsumerWithoutAProducer_GetsTheDefaultOne()
    {
        var configuration = Accept("plugins: [{type: prefix-cache-scorer}]\n");

        Assert.Equal(PluginData.PrefixMatch, configuration.Consumes);
        Assert.Equal(16, configuration.Find<ApproxPrefixCacheProducer>()!.Options.BlockSizeTokens);
    }

    [Fact]
    public void Load_ConsumerWithAProducer_KeepsIt()
    {
        var configuration = Accept("""
            plugins:
            - {type: prefix-cache-scorer, parameters: {prefixMatchInfoProducerName: mine}}
            - {type: approx-prefix-cache-producer, name: mine, parameters: {blockSizeTokens: 128, autoTune: false}}
            """);

        var producer = Assert.Single(configuration.Plugins, plugin => plugin.Plugin is ApproxPrefixCacheProducer);
        Assert.Equal("mine", producer.Name);
        Assert.True(((ApproxPrefixCacheProducer)producer.Plugin).Options is { BlockSizeTokens: 128, AutoTune: false, LruCapacityPerServer: 31_250 });
    }

    [Fact]
    public void Load_AlphaPlugin_NeedsTheFlag()
    {
        var registry = PluginRegistry.CreateBuiltIn().Add(PluginDefinition.Of("topology-affinity-filter", _ => new FreshFilter(TimeSpan.Zero)) with { Summary = "Of a test." });
        const string body = "plugins: [{name: near, type: topology-affinity-filter}]\n";

        Assert.Equal(
            ["c.yaml:3:30: plugin 'near' (type: 'topology-affinity-filter') has Alpha stability level, but command line flag --allow-experimental-plugins is not set"],
            Load(body, registry).Faults);
        Assert.Empty(Load(body, registry, experimental: true).Faults);
    }

    [Fact]
    public void Load_FreshFilterWithoutStaleness_HasTheFlags()
    {
        var view = new ViewBuilder().Add(queued: 0, sampledAt: 0).Add(queued: 5, sampledAt: 900).Build();
        const string body = "plugins: [{type: fresh-filter}, {type: queue-scorer}]\n";
        var options = new ConfigurationLoadOptions { MetricsStaleness = TimeSpan.FromMilliseconds(500) };

        Assert.Equal([0], Pick(Accept(body), view, now: 1000));
        Assert.Equal([1], Pick(ConfigurationLoader.Load("c.yaml", Head + body, PluginRegistry.CreateBuiltIn(), options).Configuration!, view, now: 1000));
    }

    [Fact]
    public void DefaultConfiguration_HasTheScorersAndTheDataThatTheyRead()
    {
        var outcome = ConfigurationLoader.Load(DefaultConfiguration.Source, DefaultConfiguration.Text, PluginRegistry.CreateBuiltIn(), new ConfigurationLoadOptions());

        Assert.Empty(outcome.Faults);
        Assert.Empty(outcome.Warnings);
        Assert.NotNull(outcome.Configuration!.Find<FreshFilter>());
        Assert.NotNull(outcome.Configuration.Find<LoraAffinityScorer>());
        Assert.NotNull(outcome.Configuration.Find<ApproxPrefixCacheProducer>());
        Assert.Equal(PluginData.PrefixMatch | PluginData.InFlightLoad | PluginData.Tokens, outcome.Configuration.Consumes);
    }

    private static int[] Pick(PickerConfiguration configuration, PoolView view, long now = 0)
    {
        var context = new PickContext(view, new InferenceRequest(), now, new Random(1));
        Assert.Equal(PickOutcome.Picked, configuration.Scheduler.Pick(context, Enumerable.Range(0, view.Count).ToArray(), new PickScratch(), out var picks));
        return picks.ToArray();
    }
}
