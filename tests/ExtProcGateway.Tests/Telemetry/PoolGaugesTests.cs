using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Telemetry;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Grains.Tests.Fakes;
using Orleans.Inference.Picking;
using Orleans.Inference.TestKit;
using Prometheus;
using static Orleans.Inference.ExtProcGateway.Tests.Telemetry.MetricViews;

namespace Orleans.Inference.ExtProcGateway.Tests.Telemetry;

public sealed class PoolGaugesTests
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Staleness = TimeSpan.FromSeconds(2);

    private readonly ManualTimeProvider _time = new();
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly PoolRegistry _pools;

    public PoolGaugesTests()
    {
        _pools = new(new GatewayOptions(), _time);
        _ = new PoolGauges(_registry, _pools, new GatewayOptions { MetricsStalenessThreshold = Staleness }, new OperatorOptions { RefreshPrometheusMetricsInterval = Refresh }, _time);
        _time.Advance(TimeSpan.FromMinutes(1));
    }

    private long Now => _time.GetMilliseconds();

    [Fact]
    public async Task Figures_AreOfFreshServersOnly()
    {
        _pools.Update([TestData.Pool("p")]);
        _pools.Find("ns/p")!.View = Of(
            "ns/p",
            (Server("a"), 1, 10, 0.125, Now),
            (Server("b"), 2, 20, 0.5, Now - (long)Staleness.TotalMilliseconds),
            (Server("c"), 100, 100, 1, Now - (long)Staleness.TotalMilliseconds - 1),
            (Server("d"), 0, 0, 0, PoolView.NeverSampled));

        var page = await PageAsync();

        Assert.Equal(2, page["llm_d_epp_ready_endpoints{name=\"p\"}"]);
        Assert.Equal(2, page["inference_pool_ready_pods{name=\"p\"}"]);
        Assert.Equal(0.31, page["llm_d_epp_average_kv_cache_utilization{name=\"p\"}"]);
        Assert.Equal(0.31, page["inference_pool_average_kv_cache_utilization{name=\"p\"}"]);
        Assert.Equal(1.5, page["llm_d_epp_average_queue_size{name=\"p\"}"]);
        Assert.Equal(1.5, page["inference_pool_average_queue_size{name=\"p\"}"]);
        Assert.Equal(15, page["llm_d_epp_average_running_requests{name=\"p\"}"]);
        Assert.Equal(15, page["inference_pool_average_running_requests{name=\"p\"}"]);
        Assert.Equal(0.27, page["llm_d_epp_std_dev_kv_cache_utilization{name=\"p\"}"]);
        Assert.Equal(0.71, page["llm_d_epp_std_dev_queue_size{name=\"p\"}"]);
        Assert.Equal(7.07, page["llm_d_epp_std_dev_running_requests{name=\"p\"}"]);
        Assert.Equal(100, page["llm_d_epp_per_endpoint_queue_size{name=\"p\",model_server_endpoint=\"c-rank-0\"}"]);
        Assert.Equal(100, page["inference_pool_per_pod_queue_size{name=\"p\",model_server_pod=\"c-rank-0\"}"]);
        Assert.Equal(0, page["inference_pool_per_pod_queue_size{name=\"p\",model_server_pod=\"d-rank-0\"}"]);
    }

    [Fact]
    public async Task Deviation_OfOneServer_IsZero()
    {
        _pools.Update([TestData.Pool("p")]);
        _pools.Find("ns/p")!.View = Of("ns/p", (Server("a"), 7, 3, 0.5, Now));

        Assert.Equal(0, (await PageAsync())["llm_d_epp_std_dev_queue_size{name=\"p\"}"]);
    }

    [Fact]
    public async Task Averages_WhileNoServerIsFresh_StayAndTheCountSaysSo()
    {
        _pools.Update([TestData.Pool("p")]);
        var pool = _pools.Find("ns/p")!;
        pool.View = Of("ns/p", (Server("a"), 4, 0, 0, Now));
        await PageAsync();
        pool.View = Of("ns/p", (Server("a"), 9, 0, 0, PoolView.NeverSampled));
        _time.Advance(Refresh);

        var page = await PageAsync();

        Assert.Equal(4, page["llm_d_epp_average_queue_size{name=\"p\"}"]);
        Assert.Equal(0, page["llm_d_epp_ready_endpoints{name=\"p\"}"]);
    }

    [Fact]
    public async Task Averages_OfAPoolThatNeverHadFreshServers_AreNotThere()
    {
        _pools.Update([TestData.Pool("p")]);
        _pools.Find("ns/p")!.View = Of("ns/p", (Server("a"), 4, 0, 0, PoolView.NeverSampled));

        var page = await PageAsync();

        Assert.False(page.HasFamily("llm_d_epp_average_queue_size"));
        Assert.Equal(0, page["llm_d_epp_ready_endpoints{name=\"p\"}"]);
    }

    [Fact]
    public async Task Averages_WithinTheRefreshInterval_AreNotComputedAgain()
    {
        _pools.Update([TestData.Pool("p")]);
        var pool = _pools.Find("ns/p")!;
        pool.View = Of("ns/p", (Server("a"), 4, 0, 0, Now));
        await PageAsync();
        _time.Advance(Refresh - TimeSpan.FromMilliseconds(1));
        pool.View = Of("ns/p", (Server("a"), 6, 0, 0, Now));
        var within = await PageAsync();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var after = await PageAsync();

        Assert.Equal(4, within["llm_d_epp_average_queue_size{name=\"p\"}"]);
        Assert.Equal(6, within["llm_d_epp_per_endpoint_queue_size{name=\"p\",model_server_endpoint=\"a-rank-0\"}"]);
        Assert.Equal(6, after["llm_d_epp_average_queue_size{name=\"p\"}"]);
    }

    [Fact]
    public async Task Series_OfServersAndPoolsThatAreGone_End()
    {
        _pools.Update([TestData.Pool("p"), TestData.Pool("q")]);
        _pools.Find("ns/p")!.View = Of("ns/p", (Server("a"), 4, 0, 0, Now), (Server("b"), 5, 0, 0, Now));
        _pools.Find("ns/q")!.View = Of("ns/q", (Server("a"), 6, 0, 0, Now));
        var both = await PageAsync();
        _pools.Find("ns/p")!.View = Of("ns/p", (Server("b"), 5, 0, 0, Now));
        var oneServerLess = await PageAsync();
        _pools.Update([TestData.Pool("q")]);
        var onePoolLess = await PageAsync();

        Assert.True(both.Has("llm_d_epp_per_endpoint_queue_size{name=\"p\",model_server_endpoint=\"a-rank-0\"}"));
        Assert.False(oneServerLess.Has("llm_d_epp_per_endpoint_queue_size{name=\"p\",model_server_endpoint=\"a-rank-0\"}"));
        Assert.False(oneServerLess.Has("inference_pool_per_pod_queue_size{name=\"p\",model_server_pod=\"a-rank-0\"}"));
        Assert.True(oneServerLess.Has("llm_d_epp_per_endpoint_queue_size{name=\"p\",model_server_endpoint=\"b-rank-0\"}"));
        Assert.DoesNotContain("name=\"p\"", onePoolLess.Text, StringComparison.Ordinal);
        Assert.Equal(6, onePoolLess["llm_d_epp_average_queue_size{name=\"q\"}"]);
        Assert.True(onePoolLess.Has("inference_pool_per_pod_queue_size{name=\"q\",model_server_pod=\"a-rank-0\"}"));
    }

    [Fact]
    public async Task Pools_OfTheSameNameInTwoNamespaces_HaveBothInTheirLabel()
    {
        _pools.Update([TestData.Pool("p")]);
        _pools.Find("ns/p")!.View = Of("ns/p", (Server("a"), 4, 0, 0, Now));
        await PageAsync();
        _pools.Update([TestData.Pool("p"), TestData.Pool("p", ns: "other")]);
        _pools.Find("other/p")!.View = Of("other/p", (Server("a"), 8, 0, 0, Now));
        var two = await PageAsync();
        _pools.Update([TestData.Pool("p", ns: "other")]);
        var one = await PageAsync();

        Assert.Equal(4, two["llm_d_epp_average_queue_size{name=\"ns/p\"}"]);
        Assert.Equal(8, two["llm_d_epp_average_queue_size{name=\"other/p\"}"]);
        Assert.DoesNotContain("name=\"p\"", two.Text, StringComparison.Ordinal);
        Assert.Equal(8, one["llm_d_epp_average_queue_size{name=\"p\"}"]);
        Assert.DoesNotContain("/p\"", one.Text, StringComparison.Ordinal);
    }

    private Task<MetricsText> PageAsync() => MetricsText.OfAsync(_registry);
}
