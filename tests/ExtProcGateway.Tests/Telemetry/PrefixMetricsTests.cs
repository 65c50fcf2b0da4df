using Orleans.Inference.ExtProcGateway.Telemetry;
using Orleans.Inference.ExtProcGateway.Tests.Protocol;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Grains.Tests.Fakes;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.TestKit;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Tests.Telemetry;

public sealed class PrefixMetricsTests : IDisposable
{
    private const string Mine = "{plugin_name=\"mine\",plugin_type=\"approx-prefix-cache-producer\"}";
    private const string Named = "plugins: [{name: mine, type: approx-prefix-cache-producer}, {type: prefix-cache-scorer}]";

    private readonly ExtProcFixture _fixture = new();
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

    public void Dispose() => _fixture.Dispose();

    private PluginInstance Producer => _fixture.Active.Current.PrefixProducer!;

    [Fact]
    public async Task Hits_AreObservedAsRatioAndBytes()
    {
        _fixture.Configure(Named);
        var hits = new PrefixHits(MetricCatalog.FactoryOf(_registry));
        hits.Matched(Producer, matchedTokens: 128, soughtTokens: 512);
        hits.Matched(Producer, matchedTokens: 0, soughtTokens: 64);
        hits.Matched(Producer, matchedTokens: 0, soughtTokens: 0);
        hits.Matched(null, 64, 64);
        hits.Flush();

        var page = await MetricsText.OfAsync(_registry);

        Assert.Equal(2, page["llm_d_epp_prefix_indexer_hit_ratio_count" + Mine]);
        Assert.Equal(0.25, page["llm_d_epp_prefix_indexer_hit_ratio_sum" + Mine]);
        Assert.Equal(1, page["llm_d_epp_prefix_indexer_hit_ratio_bucket" + Mine[..^1] + ",le=\"0\"}"]);
        Assert.Equal(3, page["llm_d_epp_prefix_indexer_hit_bytes_count" + Mine]);
        Assert.Equal(512, page["llm_d_epp_prefix_indexer_hit_bytes_sum" + Mine]);
        Assert.Equal(2, page["inference_extension_prefix_indexer_hit_ratio_count"]);
        Assert.Equal(512, page["inference_extension_prefix_indexer_hit_bytes_sum"]);
    }

    [Fact]
    public void Hits_InTheSteadyState_AllocateNothing()
    {
        _fixture.Configure(Named);
        var (hits, producer) = (new PrefixHits(MetricCatalog.FactoryOf(_registry)), Producer);

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() => hits.Matched(producer, 1, 2)));
    }

    [Fact]
    public async Task Size_IsThatOfAllPools_UnderTheNameOfTheConfigurationsProducer()
    {
        var pools = new PoolRegistry(_fixture.Options, _fixture.Time);
        pools.Update([TestData.Pool("p"), TestData.Pool("q")]);
        _ = new PrefixIndexGauge(_registry, pools, _fixture.Active);
        pools.Find("ns/p")!.Memory.Prefix.Add(server: 0, capacity: 10, [1, 2, 3]);
        pools.Find("ns/p")!.Memory.Prefix.Add(server: 1, capacity: 10, [1, 2]);
        pools.Find("ns/q")!.Memory.Prefix.Add(server: 0, capacity: 10, [1]);
        var byDefault = await MetricsText.OfAsync(_registry);
        _fixture.Configure(Named);
        var named = await MetricsText.OfAsync(_registry);
        _fixture.Configure("plugins: [{type: queue-scorer}]");
        var without = await MetricsText.OfAsync(_registry);

        Assert.Equal(6, byDefault["llm_d_epp_prefix_indexer_size{plugin_name=\"approx-prefix-cache-producer\",plugin_type=\"approx-prefix-cache-producer\"}"]);
        Assert.Equal(6, byDefault["inference_extension_prefix_indexer_size"]);
        Assert.Equal(6, named["llm_d_epp_prefix_indexer_size" + Mine]);
        Assert.Equal(6, named["inference_extension_prefix_indexer_size"]);
        Assert.DoesNotContain("plugin_name=\"approx", named.Text, StringComparison.Ordinal);
        Assert.False(without.HasFamily("llm_d_epp_prefix_indexer_size"));
    }
}
