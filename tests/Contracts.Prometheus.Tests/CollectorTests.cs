using Prometheus;

namespace Contracts.Prometheus;

public sealed class CollectorTests
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

    private MetricFactory Factory => Metrics.WithCustomRegistry(_registry);

    [Fact]
    public async Task Counter_InBothFormats_IsNamedAsEachWants()
    {
        var counter = Factory.CreateCounter("requests_total", "Requests.");
        counter.Inc();
        counter.Inc(1.5);

        Assert.Equal("# HELP requests_total Requests.\n# TYPE requests_total counter\nrequests_total 2.5\n", await Page.OfAsync(_registry));
        Assert.Equal(
            "# HELP requests Requests.\n# TYPE requests counter\nrequests_total 2.5\n# EOF\n",
            await Page.OfAsync(_registry, ExpositionFormat.OpenMetricsText));
        Assert.Equal(2.5, counter.Value);
    }

    [Fact]
    public async Task Counter_WithoutTotalInOpenMetrics_IsUnknown()
    {
        Factory.CreateCounter("requests", "");

        Assert.Equal(
            "# HELP requests \n# TYPE requests unknown\nrequests 0.0\n# EOF\n", await Page.OfAsync(_registry, ExpositionFormat.OpenMetricsText));
    }

    [Fact]
    public void Counter_Decreased_Refuses()
    {
        var counter = Factory.CreateCounter("c_total", "");

        Assert.Throws<ArgumentOutOfRangeException>(() => counter.Inc(-1));
        counter.IncTo(5);
        counter.IncTo(3);
        Assert.Equal(5, counter.Value);
    }

    [Fact]
    public async Task Gauge_WithLabels_ListsEveryChild()
    {
        var gauge = Factory.CreateGauge("level", "Level.", ["pool", "server"]);
        gauge.WithLabels("a", "x").Set(3);
        gauge.WithLabels("a", "y").Dec(0.25);
        gauge.WithLabels("b", "x").IncTo(double.PositiveInfinity);

        Assert.Equal(
            "# HELP level Level.\n# TYPE level gauge\n"
            + "level{pool=\"a\",server=\"x\"} 3\nlevel{pool=\"a\",server=\"y\"} -0.25\nlevel{pool=\"b\",server=\"x\"} Infinity\n",
            await Page.OfAsync(_registry));
        Assert.Contains("server=\"x\"} +Inf\n", await Page.OfAsync(_registry, ExpositionFormat.OpenMetricsText), StringComparison.Ordinal);
        gauge.RemoveLabelled("b", "x");
        gauge.WithLabels("a", "y").Remove();
        Assert.Equal("# HELP level Level.\n# TYPE level gauge\nlevel{pool=\"a\",server=\"x\"} 3\n", await Page.OfAsync(_registry));
        Assert.Equal([["a", "x"]], gauge.GetAllLabelValues());
    }

    [Fact]
    public async Task Histogram_ByDefault_HasBucketsFromFiveMilliseconds()
    {
        var histogram = Factory.CreateHistogram("h", "");
        histogram.Observe(0.07);
        histogram.Observe(20, 2);
        histogram.Observe(double.NaN);

        var text = await Page.OfAsync(_registry);

        Assert.Contains("h_sum 40.07\nh_count 3\nh_bucket{le=\"0.005\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("h_bucket{le=\"0.075\"} 1\nh_bucket{le=\"0.1\"} 1\n", text, StringComparison.Ordinal);
        Assert.EndsWith("h_bucket{le=\"10\"} 1\nh_bucket{le=\"+Inf\"} 3\n", text, StringComparison.Ordinal);
        Assert.Equal(3, histogram.Count);
        Assert.Equal(40.07, histogram.Sum, 1e-9);
    }

    [Fact]
    public void Buckets_Generated_AreRoundInDecimals()
    {
        Assert.Equal([0.1, 0.2, 0.3, 0.4], Histogram.LinearBuckets(0.1, 0.1, 4));
        Assert.Equal([0.01, 0.1, 1, 10], Histogram.ExponentialBuckets(0.01, 10, 4));
        Assert.Throws<ArgumentException>(() => Histogram.ExponentialBuckets(0, 2, 4));
        Assert.Throws<ArgumentException>(() => Factory.CreateHistogram("bad", "", new HistogramConfiguration { Buckets = [2, 1] }));
    }

    [Fact]
    public void Metric_MadeTwice_IsTheSame()
    {
        Assert.Same(Factory.CreateGauge("g", "one"), Factory.CreateGauge("g", "two"));
        Assert.NotSame(Factory.CreateGauge("g", "one"), Factory.CreateGauge("g", "one", ["label"]));
        Assert.Throws<InvalidOperationException>(() => Factory.CreateCounter("g", "one"));
    }

    [Fact]
    public void Names_OutsideTheRules_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => Factory.CreateGauge("has-hyphen", ""));
        Assert.Throws<ArgumentException>(() => Factory.CreateGauge("g", "", ["9"]));
        Assert.Throws<ArgumentException>(() => Factory.CreateGauge("g", "", ["__reserved"]));
        Assert.Throws<InvalidOperationException>(() => Factory.CreateGauge("g", "", ["same", "same"]));
        Assert.ThrowsAny<Exception>(() => Factory.CreateGauge("g", "", ["one"]).WithLabels("a", "b"));
    }

    [Fact]
    public async Task InitialValue_Suppressed_AppearsWithTheFirst()
    {
        var gauge = Factory.CreateGauge("g", "", new GaugeConfiguration { SuppressInitialValue = true });
        var before = await Page.OfAsync(_registry);
        gauge.Set(0);
        var after = await Page.OfAsync(_registry);

        Assert.DoesNotContain("\ng 0", before, StringComparison.Ordinal);
        Assert.Contains("\ng 0\n", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BeforeCollectCallbacks_OnEachPage_RunFirst()
    {
        var gauge = Factory.CreateGauge("g", "");
        _registry.AddBeforeCollectCallback(() => gauge.Inc());
        _registry.AddBeforeCollectCallback(async _ =>
        {
            await Task.Yield();
            gauge.Inc(10);
        });
        _registry.AddBeforeCollectCallback(() => throw new InvalidOperationException("costs nobody else anything"));

        Assert.Contains("\ng 11\n", await Page.OfAsync(_registry), StringComparison.Ordinal);
        Assert.Contains("\ng 22\n", await Page.OfAsync(_registry), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Factory_WithoutExemplars_HasNoneInOpenMetrics()
    {
        var factory = Factory;
        factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        using var activity = new System.Diagnostics.Activity("request").Start();
        factory.CreateHistogram("h", "", new HistogramConfiguration { Buckets = [1] }).Observe(0.5, 3);
        factory.CreateCounter("c_total", "").Inc();

        Assert.DoesNotContain(" # {", await Page.OfAsync(_registry, ExpositionFormat.OpenMetricsText), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Series_Removed_BeginsAnewAtZero()
    {
        var counter = Factory.CreateCounter("c_total", "", ["pod"]);
        counter.WithLabels("a").Inc(5);
        counter.RemoveLabelled("a");
        counter.RemoveLabelled("never made");
        counter.WithLabels("a").Inc();

        Assert.EndsWith("\nc_total{pod=\"a\"} 1\n", await Page.OfAsync(_registry), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Family_WithoutSeries_IsDeclared()
    {
        Factory.CreateCounter("c_total", "C.", ["pod"]);
        Factory.CreateHistogram("h", "H.", ["pod"]);

        Assert.Equal("# HELP c_total C.\n# TYPE c_total counter\n# HELP h H.\n# TYPE h histogram\n", await Page.OfAsync(_registry));
    }

    [Fact]
    public async Task DotNetStats_Registered_TellsOfTheProcess()
    {
        DotNetStats.Register(_registry);

        // The runtime's estimate of its memory was seen to be 0 for a moment: it is asked again.
        var text = await Page.OfAsync(_registry);
        for (var i = 0; i < 100 && text.Contains("\ndotnet_total_memory_bytes 0\n", StringComparison.Ordinal); i++)
        {
            await Task.Delay(10);
            text = await Page.OfAsync(_registry);
        }

        foreach (var name in (string[])
            ["process_cpu_seconds_total", "process_start_time_seconds", "process_working_set_bytes", "process_virtual_memory_bytes",
                "process_private_memory_bytes", "process_open_handles", "process_num_threads", "dotnet_total_memory_bytes"])
        {
            Assert.Matches($"(?m)^{name} [1-9]", text.Replace($"{name} 0.", $"{name} 1.", StringComparison.Ordinal));
        }

        Assert.Contains("\ndotnet_collection_count_total{generation=\"2\"} ", text, StringComparison.Ordinal);
    }
}
