using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Inference.ExtProcGateway.Telemetry;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Tests.Telemetry;

public sealed class MeterExportTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly IMeterFactory _meters;
    private readonly MeterExport _export;

    public MeterExportTests()
    {
        _meters = _services.GetRequiredService<IMeterFactory>();
        _export = new(_meters, _registry);
    }

    [Fact]
    public async Task Counter_OfAnOwnMeter_IsACounterWithItsSuffix()
    {
        var counter = _meters.Create("Orleans.Inference.Grains").CreateCounter<long>("report.batches", description: "Batches.");
        counter.Add(3);
        await PageAsync();
        counter.Add(4);

        var page = await PageAsync();

        Assert.Contains(
            "# HELP orleans_inference_grains_report_batches_total Batches.\n# TYPE orleans_inference_grains_report_batches_total counter\norleans_inference_grains_report_batches_total 7\n",
            page.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counter_WithATag_HasItForLabelAndNoSeriesWithoutIt()
    {
        var counter = _meters.Create("Orleans.Inference.ExtProcGateway").CreateCounter<long>("refusals", description: "Refusals.");
        await PageAsync();
        counter.Add(1, new KeyValuePair<string, object?>("status", 503));
        counter.Add(2, new KeyValuePair<string, object?>("status", 400));
        counter.Add(1, new KeyValuePair<string, object?>("status", 503));

        var page = await PageAsync();

        Assert.Equal(2, page["orleans_inference_extprocgateway_refusals_total{status=\"503\"}"]);
        Assert.Equal(2, page["orleans_inference_extprocgateway_refusals_total{status=\"400\"}"]);
        Assert.False(page.Has("orleans_inference_extprocgateway_refusals_total"));
    }

    [Fact]
    public async Task UpDownCounter_IsAGauge()
    {
        var streams = _meters.Create("Orleans.Inference.ExtProcGateway").CreateUpDownCounter<long>("streams", description: "Streams.");
        streams.Add(2);
        streams.Add(-1);
        await PageAsync();
        streams.Add(-1);

        var page = await PageAsync();

        Assert.Contains("# TYPE orleans_inference_extprocgateway_streams gauge\norleans_inference_extprocgateway_streams 0\n", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Meters_OfOthers_AreLeftOut()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        services.GetRequiredService<IMeterFactory>().Create("Orleans.Inference.Grains").CreateCounter<long>("of.another.host").Add(1);
        _meters.Create("Microsoft.Orleans").CreateCounter<long>("of.orleans").Add(1);

        Assert.DoesNotContain("_of_", (await PageAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScrapeFailures_AreErrorsOfTheDataLayer()
    {
        var failures = _meters.Create("Orleans.Inference.Grains").CreateCounter<long>("scrape.failures", description: "Failures.");
        foreach (var reason in (string[])["connect", "timeout", "status", "no_families", "bad_values"])
        {
            failures.Add(1, new KeyValuePair<string, object?>("reason", reason));
        }

        var page = await PageAsync();

        Assert.Equal(3, page["llm_d_epp_datalayer_poll_errors_total{source_type=\"metrics-data-source\"}"]);
        Assert.Equal(3, page["llm_d_inference_scheduler_datalayer_poll_errors_total{source_type=\"metrics-data-source\"}"]);
        Assert.Equal(2, page["llm_d_epp_datalayer_extract_errors_total{source_type=\"metrics-data-source\",extractor_type=\"core-metrics-extractor\"}"]);
        Assert.Equal(1, page["orleans_inference_grains_scrape_failures_total{reason=\"no_families\"}"]);
    }

    public void Dispose()
    {
        _export.Dispose();
        _services.Dispose();
    }

    private Task<MetricsText> PageAsync() => MetricsText.OfAsync(_registry);
}
