using Orleans.Inference.Grains.Scraping;
using Orleans.Inference.Grains.Scraping.Plugins;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Grains.Tests.Scraping;

/// <summary>Engines of a configuration.</summary>
public sealed class EngineTableTests
{
    private const string Text = """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: core-metrics-extractor
          parameters:
            engineLabelKey: engine
            defaultEngine: mine
            engineConfigs:
            - name: mine
              queuedRequestsSpec: mine_requests{state=waiting}
              kvUsageSpec: mine_cache
              cacheInfoSpec: mine_info
              cacheBlockSizeLabelName: size
            - name: vllm
              queuedRequestsSpec: other_waiting

        """;

    [Theory]
    [InlineData("engine", "sglang", "sglang")]
    [InlineData("engine", "nobody", "mine")]
    [InlineData("llm-d.ai/engine-type", "sglang", "mine")]
    [InlineData("inference.networking.k8s.io/engine-type", "sglang", "sglang")]
    [InlineData("x", "y", "mine")]
    public void Find_OwnLabelKey_Counts(string label, string value, string engine)
    {
        var labels = new Dictionary<string, string> { [label] = value };

        // What discovery has read of the usual label.
        Assert.Equal(engine, Load().Find(labels, label == "engine" ? null : "sglang").Name);
    }

    [Fact]
    public void Find_OwnMapping_HasItsMetrics()
    {
        var mapping = Load().Find(new Dictionary<string, string>(), named: null);

        Assert.Equal(
            [(MetricField.Queued, "mine_requests{state=\"waiting\"}"), (MetricField.KvUsage, "mine_cache"), (MetricField.CacheInfo, "mine_info")],
            mapping.Specs.ToArray().Select(spec => (spec.Field, spec.Metric.ToString())));
        Assert.Equal("size"u8, mapping.CacheBlockSizeLabel);
        Assert.Equal("num_gpu_blocks"u8, mapping.CacheBlockCountLabel);
    }

    [Fact]
    public void Find_KnownEngineGivenAnew_IsReplaced()
    {
        var mapping = Load().Find(new Dictionary<string, string> { ["engine"] = "vllm" }, named: null);

        Assert.Equal("other_waiting", Assert.Single(mapping.Specs.ToArray()).Metric.Name);
    }

    private static EngineTable Load()
    {
        var outcome = ConfigurationLoader.Load("c", Text, PluginRegistry.CreateBuiltIn().AddMetricsPlugins(), new ConfigurationLoadOptions());
        Assert.Empty(outcome.Faults);
        var options = new ScrapeOptions();
        options.Apply(outcome.Configuration);
        return options.Engines;
    }
}
