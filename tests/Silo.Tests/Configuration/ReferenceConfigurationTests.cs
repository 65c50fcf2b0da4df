using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.Grains.Scraping;
using Orleans.Inference.Grains.Scraping.Plugins;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.Silo.Tests.Configuration;

/// <summary>Configurations in the forms that deployments of the reference pickers have.</summary>
public sealed class ReferenceConfigurationTests
{
    [Fact]
    public void Load_TheReferencesDefault_IsTakenAsItIs()
    {
        var configuration = Load("""
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: queue-scorer
            - type: kv-cache-utilization-scorer
            - type: prefix-cache-scorer
            - type: metrics-data-source
            - type: core-metrics-extractor
            schedulingProfiles:
            - name: default
              plugins:
              - {pluginRef: queue-scorer, weight: 2}
              - {pluginRef: kv-cache-utilization-scorer, weight: 2}
              - {pluginRef: prefix-cache-scorer, weight: 3}
            dataLayer:
              sources:
              - pluginRef: metrics-data-source
                extractors: [{pluginRef: core-metrics-extractor}]
            """);

        Assert.Equal(PluginData.PrefixMatch, configuration.Consumes);
        Assert.Equal(2_048, configuration.Find<ApproxPrefixCacheProducer>()!.Options.MaxBlocks(64));
    }

    /// <summary>As the reference picker's sample of exact prefix matches is put together.</summary>
    [Fact]
    public void Load_ThePrecisePrefixPipeline_IsTaken()
    {
        var configuration = Load("""
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: token-producer
              parameters:
                modelName: org/model
                vllm: {url: "http://localhost:8000"}
            - type: endpoint-notification-source
            - type: metrics-data-source
            - type: core-metrics-extractor
            - type: single-profile-handler
            - type: decode-filter
            - type: precise-prefix-cache-producer
              parameters:
                tokenProcessorConfig: {blockSize: 64}
                indexerConfig:
                  kvBlockIndexConfig: {enableMetrics: true}
            - type: prefix-cache-scorer
              parameters: {prefixMatchInfoProducerName: precise-prefix-cache-producer}
            - type: queue-scorer
            - type: max-score-picker
            dataLayer:
              sources:
              - pluginRef: metrics-data-source
                extractors: [{pluginRef: core-metrics-extractor}]
              - pluginRef: endpoint-notification-source
                extractors: [{pluginRef: precise-prefix-cache-producer}]
            schedulingProfiles:
            - name: default
              plugins:
              - pluginRef: decode-filter
              - {pluginRef: prefix-cache-scorer, weight: 2}
              - pluginRef: queue-scorer
              - pluginRef: max-score-picker
            """);

        Assert.Equal(PluginData.PrecisePrefixMatch, configuration.Consumes);
        Assert.Null(configuration.Find<ApproxPrefixCacheProducer>());
        Assert.Equal(new KvEventOptions("kv@", 5557, 0), configuration.Find<IPrecisePrefixSource>()!.Events);
    }

    [Theory]
    [InlineData("{vllm: {}}", "modelName is missing")]
    [InlineData("{modelName: m, vllm: {url: 'https://host'}}", "vllm.url must be an http URL")]
    [InlineData("{modelName: m, vllm: {timeout: 0s}}", "vllm.timeout must be above 0")]
    [InlineData("{modelName: m, udsTokenizerConfig: {socketFile: /tmp/s}}", "udsTokenizerConfig is not supported")]
    public void Load_TokenProducerThatCantBe_IsRefused(string parameters, string fault)
    {
        var outcome = ConfigurationLoader.Load(
            "c.yaml",
            $"apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\nplugins:\n- type: token-producer\n  parameters: {parameters}\n",
            GatewayPlugins.CreateRegistry(),
            new ConfigurationLoadOptions());

        Assert.Contains(fault, Assert.Single(outcome.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OlderGroupParserAndSaturationDetector_AreMapped()
    {
        var configuration = Load(
            """
            apiVersion: inference.networking.x-k8s.io/v1alpha1
            kind: EndpointPickerConfig
            featureGates: [dataLayer]
            plugins:
            - name: busy
              type: utilization-detector
              parameters: {queueDepthThreshold: 8, kvCacheUtilThreshold: 0.9, metricsStalenessThreshold: 150ms}
            - type: vllmgrpc-parser
            - type: weighted-random-picker
            - type: queue-scorer
            saturationDetector: {pluginRef: busy}
            parser: {pluginRef: vllmgrpc-parser}
            """,
            "3:16: feature gate 'dataLayer' is deprecated",
            "11:21: saturationDetector is deprecated",
            "12:9: parser is deprecated",
            "1:13: apiVersion inference.networking.x-k8s.io/v1alpha1 is deprecated");

        Assert.Equal(["vllmgrpc-parser"], configuration.Parsers.ToArray());
        Assert.Equal("busy", configuration.Plugins.Single(plugin => plugin.Plugin == configuration.SaturationDetector).Name);
    }

    [Fact]
    public void Load_FlowControlInFull_IsRead()
    {
        var configuration = Load(
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            featureGates: ["flowControl"]
            plugins:
            - type: round-robin-fairness-policy
            - type: edf-ordering-policy
            - {name: limit, type: static-usage-limit-policy, parameters: {threshold: 0.9}}
            flowControl:
              maxBytes: 1Gi
              maxRequests: 1k
              defaultRequestTTL: 30s
              noEndpointRequestTTL: 2m
              enableEviction: false
              usageLimitPolicyPluginRef: limit
              defaultPriorityBand: {maxBytes: "2Gi", maxRequests: 100, orderingPolicyRef: fcfs-ordering-policy}
              defaultNegativePriorityBand: {maxRequests: 10}
              priorityBands:
              - {priority: 10, fairnessPolicyRef: round-robin-fairness-policy, orderingPolicyRef: edf-ordering-policy}
              saturationDetector: {pluginRef: utilization-detector}
            """,
            "3:16: flow control is not available in this version");

        var flowControl = configuration.FlowControl;
        Assert.True(configuration.FeatureGates.FlowControl);
        Assert.Equal(new ByteSize(1L << 30), flowControl.MaxBytes);
        Assert.Equal(new ByteSize(1000), flowControl.MaxRequests);
        Assert.Equal(TimeSpan.FromSeconds(30), flowControl.DefaultRequestTTL);
        Assert.Equal(TimeSpan.FromMinutes(2), flowControl.NoEndpointRequestTTL);
        Assert.Equal("limit", flowControl.UsageLimitPolicyPluginRef!.Name);
        Assert.Equal(new ByteSize(2L << 30), flowControl.DefaultPriorityBand!.MaxBytes);
        var band = Assert.Single(flowControl.PriorityBands);
        Assert.Equal((10, "round-robin-fairness-policy"), (band.Priority, band.FairnessPolicyRef!.Name));
    }

    [Fact]
    public void Load_SourcesOfNotificationsAndModels_AreTaken()
    {
        var configuration = Load(
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: endpoint-notification-source
            - {type: k8s-notification-source, name: pods, parameters: {version: v1, kind: Pod}}
            - {type: models-data-source, parameters: {scheme: https}}
            - type: models-data-extractor
            - type: inflight-load-producer
            - type: precise-prefix-cache-producer
            - type: active-request-scorer
            dataLayer:
              sources:
              - pluginRef: endpoint-notification-source
                extractors: [{pluginRef: inflight-load-producer}, {pluginRef: precise-prefix-cache-producer}]
              - pluginRef: pods
              - pluginRef: models-data-source
                extractors: [{pluginRef: models-data-extractor}]
            """,
            "5:59: plugin 'pods': nothing is watched by it",
            "6:42: plugin 'models-data-source': servers are not asked for their models");

        Assert.NotNull(configuration.Find<InFlightLoadProducer>());
    }

    [Fact]
    public void Load_ScrapingPlugins_SetTheScrapeOptions()
    {
        var configuration = Load("""
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - {type: metrics-data-source, parameters: {path: /prom, port: 8001, interval: 200ms, scheme: https, insecureSkipVerify: false, caCertPath: ca.crt, clientCertPath: own.crt, clientKeyPath: own.key}}
            - type: core-metrics-extractor
            """);
        var options = new ScrapeOptions { Port = 1, Interval = TimeSpan.FromSeconds(1) };

        options.Apply(configuration);

        Assert.Equal(("/prom", 8001, TimeSpan.FromMilliseconds(200), true), (options.Path, options.Port, options.Interval, options.Https));
        Assert.Equal(new ScrapeTlsOptions { InsecureSkipVerify = false, CaCertPath = "ca.crt", ClientCertPath = "own.crt", ClientKeyPath = "own.key" }, options.Tls);
    }

    [Theory]
    [InlineData("0s", 1000)]
    [InlineData("''", 1000)]
    [InlineData("10ms", 50, "3:62: plugin 'metrics-data-source': interval is 10ms, less than the least, 50ms, which is taken")]
    public void Load_ScrapeIntervalOfNothing_LeavesWhatTheFlagSays(string interval, int milliseconds, params string[] warnings)
    {
        var configuration = Load($"apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\nplugins: [{{type: metrics-data-source, parameters: {{interval: {interval}}}}}]\n", warnings);
        var options = new ScrapeOptions { Interval = TimeSpan.FromSeconds(1) };

        options.Apply(configuration);

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), options.Interval);
    }

    [Fact]
    public void Load_NegativeScrapeInterval_IsRefused() => Assert.EndsWith(
        "plugin 'metrics-data-source': interval must be at least 0, not -1s",
        Assert.Single(LoadOutcome("apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\nplugins: [{type: metrics-data-source, parameters: {interval: -1s}}]\n").Faults),
        StringComparison.Ordinal);

    [Fact]
    public void Load_EngineWithoutAName_IsToldInPlainWords() => Assert.EndsWith(
        "parameters.engineConfigs[0].name must not be empty",
        Assert.Single(LoadOutcome("apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\nplugins: [{type: core-metrics-extractor, parameters: {engineConfigs: [{name: ''}]}}]\n").Faults),
        StringComparison.Ordinal);

    [Fact]
    public void Load_ScrapingPluginsThatSayNothing_LeaveWhatTheFlagsSay()
    {
        var configuration = Load("""
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: metrics-data-source
            """);
        var options = new ScrapeOptions { Port = 1, Path = "/own", Https = true, Tls = new() { InsecureSkipVerify = false } };

        options.Apply(configuration);

        Assert.Equal((1, "/own", true, new ScrapeTlsOptions { InsecureSkipVerify = false }), (options.Port, options.Path, options.Https, options.Tls));
    }

    [Theory]
    [InlineData("{type: metrics-data-source, parameters: {clientCertPath: a.crt}}", "3:68: plugin 'metrics-data-source': clientCertPath and clientKeyPath belong together: name both or none")]
    [InlineData("{type: metrics-data-source, parameters: {path: metrics}}", "3:58: plugin 'metrics-data-source': path must be one such as /metrics, not \"metrics\"")]
    [InlineData("{type: core-metrics-extractor, parameters: {defaultEngine: mine}}", "3:70: plugin 'core-metrics-extractor': defaultEngine: there is no engine 'mine'; there are vllm, sglang, trtllm-serve, triton-tensorrt-llm, triton")]
    [InlineData("{type: core-metrics-extractor, parameters: {engineConfigs: [{name: default}]}}", "3:70: plugin 'core-metrics-extractor': engineConfigs: an engine can't be called 'default'")]
    [InlineData("{type: core-metrics-extractor, parameters: {engineConfigs: [{name: a}, {name: a}]}}", "3:70: plugin 'core-metrics-extractor': engineConfigs: engine 'a' is given twice")]
    [InlineData("{type: core-metrics-extractor, parameters: {engineConfigs: [{name: a, loraSpec: '0'}]}}", "3:70: plugin 'core-metrics-extractor': engineConfigs: engine 'a': metric spec '0': '0' is no metric name")]
    [InlineData("{type: core-metrics-extractor, parameters: {engineConfigs: [{queuedRequestsSpec: a}]}}", "3:71: parameters.engineConfigs[0].name is missing")]
    public void Load_FaultyScraping_IsTold(string plugin, string fault)
    {
        var outcome = ConfigurationLoader.Load("c", $"apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\nplugins: [{plugin}]\n", GatewayPlugins.CreateRegistry(), new ConfigurationLoadOptions());

        Assert.Equal([$"c:{fault}"], outcome.Faults);
    }

    /// <summary>Loads with all plugins of the product; the warnings must begin as given, in any order.</summary>
    private static ConfigurationOutcome LoadOutcome(string text) => ConfigurationLoader.Load("c", text, GatewayPlugins.CreateRegistry(), new ConfigurationLoadOptions());

    private static PickerConfiguration Load(string text, params string[] warnings)
    {
        var outcome = LoadOutcome(text);
        Assert.Empty(outcome.Faults);
        Assert.Equal(warnings.Length, outcome.Warnings.Count);
        Assert.All(warnings, warning => Assert.Contains(outcome.Warnings, told => told.StartsWith($"c:{warning}", StringComparison.Ordinal)));
        return outcome.Configuration!;
    }
}
