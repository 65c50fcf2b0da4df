using System.Net;
using Orleans.Inference.Simulator.ModelServer.Metrics;

namespace Orleans.Inference.Simulator.Tests.ModelServer;

public sealed class MetricsTests(ModelServerFixture server) : IClassFixture<ModelServerFixture>
{
    [Fact]
    public async Task Page_HasVllmsFamiliesWithTheirTypes()
    {
        using var response = await server.Client.GetAsync("/metrics");
        var text = await response.Content.ReadAsStringAsync();
        var page = MetricsText.Parse(text);

        Assert.StartsWith("text/plain; version=0.0.4", response.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        Assert.InRange(text.Length, 30_000, 80_000);
        foreach (var (name, type) in new[]
        {
            ("vllm:num_requests_running", "gauge"), ("vllm:num_requests_waiting", "gauge"), ("vllm:kv_cache_usage_perc", "gauge"),
            ("vllm:lora_requests_info", "gauge"), ("vllm:cache_config_info", "gauge"), ("vllm:prompt_tokens_total", "counter"),
            ("vllm:generation_tokens_total", "counter"), ("vllm:prefix_cache_queries_total", "counter"), ("vllm:prefix_cache_hits_total", "counter"),
            ("vllm:time_to_first_token_seconds", "histogram"), ("vllm:e2e_request_latency_seconds", "histogram"),
        })
        {
            Assert.Equal(type, page.Types[name]);
        }
    }

    [Fact]
    public async Task CacheConfig_HasSizesInItsLabels()
    {
        var page = MetricsText.Parse(await server.Client.GetStringAsync("/metrics"));

        Assert.Equal(1, page.Value("vllm:cache_config_info", "num_gpu_blocks=\"16384\""));
        Assert.Equal(1, page.Value("vllm:cache_config_info", "block_size=\"16\""));
    }

    [Fact]
    public async Task Histogram_AfterARequest_IsConsistent()
    {
        await server.PostJsonAsync("/v1/completions", """{"model":"sim","prompt":"x","max_tokens":3}""");

        var page = MetricsText.Parse(await server.Client.GetStringAsync("/metrics"));

        var buckets = page.Samples.Where(sample => sample.Name == "vllm:time_to_first_token_seconds_bucket").ToList();
        Assert.Equal(buckets.Select(bucket => bucket.Value).Order(), buckets.Select(bucket => bucket.Value));
        Assert.EndsWith("le=\"+Inf\"", buckets[^1].Labels, StringComparison.Ordinal);
        Assert.Equal(page.Value("vllm:time_to_first_token_seconds_count"), buckets[^1].Value);
        Assert.True(buckets[^1].Value >= 1);
    }

    [Fact]
    public async Task Lora_AfterRequests_TheNewestSeriesSaysThatNothingRuns()
    {
        await server.PostJsonAsync("/v1/completions", """{"model":"poet","prompt":"x","max_tokens":3}""");

        var page = MetricsText.Parse(await server.Client.GetStringAsync("/metrics"));

        var series = page.Samples.Where(sample => sample.Name == "vllm:lora_requests_info").ToList();
        Assert.Contains(series, sample => sample.Labels.Contains("running_lora_adapters=\"poet\"", StringComparison.Ordinal));
        Assert.All(series, sample => Assert.Contains("max_lora=\"4\"", sample.Labels, StringComparison.Ordinal));

        // The value is the time at which the series last held.
        Assert.All(series, sample => Assert.InRange(sample.Value, 1.7e9, 5e9));
        Assert.Contains("running_lora_adapters=\"\"", series.MaxBy(sample => sample.Value).Labels, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filter_WithTheSlash_AnswersOnlyTheSamplesAskedFor()
    {
        var page = MetricsText.Parse(await server.Client.GetStringAsync("/metrics/?name[]=vllm:num_requests_waiting&name[]=vllm:prompt_tokens_total&name[]=nothing"));

        Assert.Equal(["vllm:num_requests_waiting", "vllm:prompt_tokens_total"], page.Samples.Select(sample => sample.Name).Order());
        Assert.Equal(2, page.Types.Count);
    }

    [Fact]
    public async Task Filter_OfAHistogramsFamilyName_AnswersNothing()
    {
        // prometheus_client compares the names of samples.
        Assert.Equal("", await server.Client.GetStringAsync("/metrics/?name[]=vllm:time_to_first_token_seconds"));
    }

    [Fact]
    public async Task Filter_WithoutTheSlash_IsIgnored()
    {
        Assert.True((await server.Client.GetStringAsync("/metrics?name[]=vllm:num_requests_waiting")).Length > 30_000);
    }

    [Fact]
    public async Task Servers_OfOneProcess_CountForThemselves()
    {
        await server.PostJsonAsync("/v1/completions", """{"model":"sim","prompt":"x","max_tokens":3}""");

        var other = MetricsText.Parse(await server.Client.GetStringAsync(new Uri(server.Second, "/metrics")));

        Assert.Equal(0, other.Value("vllm:generation_tokens_total"));
    }

    [Fact]
    public async Task Models_ListBaseModelAndAdapters()
    {
        var text = await server.Client.GetStringAsync("/v1/models");

        using var models = System.Text.Json.JsonDocument.Parse(text);
        Assert.Equal(
            [("sim", null), ("coder", "sim"), ("poet", "sim")],
            models.RootElement.GetProperty("data").EnumerateArray().Select(model => (model.GetProperty("id").GetString(), model.GetProperty("parent").GetString())));
    }

    [Fact]
    public async Task Behaviour_OfTheSecondServer_ChangesHealthAndMetricsThereOnly()
    {
        using var change = await server.Client.PostAsync(new Uri(server.Second, "/simulator/behaviour?health=error&metrics=html"), null);
        using var wrong = await server.Client.PostAsync(new Uri(server.Second, "/simulator/behaviour?metrics=nonsense"), null);
        using var health = await server.Client.GetAsync(new Uri(server.Second, "/health"));
        using var metrics = await server.Client.GetAsync(new Uri(server.Second, "/metrics"));
        using var first = await server.Client.GetAsync("/health");
        using var back = await server.Client.PostAsync(new Uri(server.Second, "/simulator/behaviour?health=ok&metrics=ok"), null);

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK),
            (change.StatusCode, wrong.StatusCode, health.StatusCode, first.StatusCode));
        Assert.Equal("text/html", metrics.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(1, "1.0")]
    [InlineData(0.25, "0.25")]
    [InlineData(999999, "999999.0")]
    [InlineData(1000000, "1e+06")]
    [InlineData(1234567, "1.234567e+06")]
    [InlineData(1795263775.134, "1.795263775134e+09")]
    [InlineData(-3, "-3.0")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    public void Format_Number_IsPythons(double value, string expected)
    {
        Assert.Equal(expected, MetricValue.Format(value));
    }
}
