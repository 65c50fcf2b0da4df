using Orleans.Inference.BlackBox.Tests.Support;

namespace Orleans.Inference.BlackBox.Tests.Figures;

/// <summary><c>--model-server-metrics-scheme=https</c>.</summary>
public sealed class HttpsMetricsTests(HttpsMetricsPicker picker) : IClassFixture<HttpsMetricsPicker>
{
    [Fact]
    public async Task Metrics_OverHttpsWithAnyCertificate_AreReadAndDecide()
    {
        await picker.AwaitMetricAsync(4, "llm_d_epp_per_endpoint_queue_size", ("name", "main"));

        Assert.Equal(picker.Idle, (await picker.ClientOf(HttpsMetricsPicker.Service).PickAsync(Exchanges.Prompt("m"))).Destination);
    }
}
