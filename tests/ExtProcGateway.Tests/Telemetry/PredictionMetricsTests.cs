using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Telemetry;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Grains.Tests.Fakes;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.TestKit;
using Prometheus;
using static Orleans.Inference.ExtProcGateway.Tests.Telemetry.MetricViews;

namespace Orleans.Inference.ExtProcGateway.Tests.Telemetry;

public sealed class PredictionMetricsTests
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly PoolRegistry _pools = new(new GatewayOptions(), new ManualTimeProvider());

    public PredictionMetricsTests()
    {
        _ = new PredictionMetrics(_registry, _pools);
        _pools.Update([TestData.Pool("p")]);
        _pools.Find("ns/p")!.View = Of("ns/p", (Server("a"), 0, 0, 0, 0));
    }

    private Task<MetricsText> PageAsync() => MetricsText.OfAsync(_registry);

    private void Learn(double time, int samples)
    {
        var features = default(LatencyFeatures);
        features[0] = 1;
        for (var i = 0; i < samples; i++)
        {
            _pools.Find("ns/p")!.Memory.Latency.Learn(new LatencySample { Features = features, Streamed = true, Ttft = time, Tpot = double.NaN, At = i });
        }
    }

    /// <summary>100 samples of 100 ms; predictions from the 65th on, all right; then one of 125: 20 % off, one in 37.</summary>
    [Fact]
    public async Task Page_OfAPoolThatLearns_HasErrorAndSamples()
    {
        Learn(100, 100);
        Learn(double.NaN, 3);
        var page = await PageAsync();
        Assert.Equal(100, page["orleans_inference_latency_prediction_samples_total{name=\"p\",outcome=\"learned\"}"]);
        Assert.Equal(3, page["orleans_inference_latency_prediction_samples_total{name=\"p\",outcome=\"rejected\"}"]);
        Assert.Equal(0, page["orleans_inference_latency_prediction_error_ratio{name=\"p\",latency=\"ttft\"}"], 1e-6);
        Assert.False(page.Has("orleans_inference_latency_prediction_error_ratio{name=\"p\",latency=\"tpot\"}"));

        Learn(125, 1);
        page = await PageAsync();
        Assert.Equal(101, page["orleans_inference_latency_prediction_samples_total{name=\"p\",outcome=\"learned\"}"]);
        Assert.Equal(0.2 / 37, page["orleans_inference_latency_prediction_error_ratio{name=\"p\",latency=\"ttft\"}"], 1e-6);
    }

    [Fact]
    public async Task Page_OfAPoolThatLearnsNothing_HasNoSeries() =>
        Assert.DoesNotContain((await PageAsync()).Series, series => series.Contains("prediction", StringComparison.Ordinal));

    [Fact]
    public async Task Page_AfterThePool_HasNoSeries()
    {
        Learn(100, 100);
        await PageAsync();
        _pools.Update([]);
        Assert.DoesNotContain((await PageAsync()).Series, series => series.Contains("prediction", StringComparison.Ordinal));
    }
}
