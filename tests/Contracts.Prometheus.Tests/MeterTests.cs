using System.Diagnostics.Metrics;
using Prometheus;

namespace Contracts.Prometheus;

public sealed class MeterTests
{
    [Fact]
    public async Task Counter_OfAMeter_IsAGaugeNamedAfterBoth()
    {
        using var page = new MeterPage("Acme.Picker-V1");
        var counter = page.Meter.CreateCounter<long>("picks.made", "{pick}", "Picks that were made.");

        counter.Add(2);
        counter.Add(3);

        Assert.Equal(
            "# HELP acme_picker_v1_picks_made ({pick}) Picks that were made. (Counter`1)\n"
            + "# TYPE acme_picker_v1_picks_made gauge\n"
            + "acme_picker_v1_picks_made 5\n",
            await page.ReadAsync());
    }

    [Fact]
    public async Task Instrument_WithoutUnitAndDescription_HasItsTypeForHelp()
    {
        using var page = new MeterPage("acme");
        page.Meter.CreateCounter<int>("a").Add(1);

        Assert.Contains("# HELP acme_a  (Counter`1)\n", await page.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instrument_WithoutMeasurements_IsNotOnThePage()
    {
        using var page = new MeterPage("acme");
        page.Meter.CreateCounter<long>("never");

        Assert.DoesNotContain("never", await page.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tags_OfMeasurements_AreLabelsOrderedByName()
    {
        using var page = new MeterPage("acme");
        var counter = page.Meter.CreateCounter<long>("c");

        counter.Add(1, new("pool", "a"), new("Model.Name", "x"));
        counter.Add(2, new("Model.Name", "x"), new("pool", "a"));
        counter.Add(4, new("pool", "quote\" slash\\ line\n ü"), new("Model.Name", null));
        counter.Add(8, new KeyValuePair<string, object?>("code", 200));
        var text = await page.ReadAsync();

        Assert.Contains("\nacme_c{model_name=\"x\",pool=\"a\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("\nacme_c{model_name=\"\",pool=\"quote\\\" slash\\\\ line\\n ü\"} 4\n", text, StringComparison.Ordinal);
        Assert.Contains("\nacme_c{code=\"200\"} 8\n", text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n'), line => line.StartsWith("# TYPE acme_c ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task UpDownCounter_GoingDown_IsAGauge()
    {
        using var page = new MeterPage("acme");
        var counter = page.Meter.CreateUpDownCounter<int>("in_flight");

        counter.Add(5);
        counter.Add(-7);

        Assert.Contains("# TYPE acme_in_flight gauge\nacme_in_flight -2\n", await page.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ObservableInstruments_OnEachPage_AreAskedAnew()
    {
        using var page = new MeterPage("acme");
        var value = 1;
        page.Meter.CreateObservableCounter("seen", () => value);
        page.Meter.CreateObservableUpDownCounter("balance", () => -value);
        page.Meter.CreateObservableGauge("level", () => new[]
        {
            new Measurement<double>(value + 0.5, new KeyValuePair<string, object?>("server", "a")),
            new Measurement<double>(double.NaN, new KeyValuePair<string, object?>("server", "b")),
        });

        var first = await page.ReadAsync();
        value = 2;
        var second = await page.ReadAsync();

        Assert.Contains("# TYPE acme_seen gauge\nacme_seen 1\n", first, StringComparison.Ordinal);
        Assert.Contains("acme_level{server=\"a\"} 1.5\nacme_level{server=\"b\"} NaN\n", first, StringComparison.Ordinal);
        Assert.Contains("\nacme_seen 2\n", second, StringComparison.Ordinal);
        Assert.Contains("\nacme_balance -2\n", second, StringComparison.Ordinal);
        Assert.Contains("\nacme_level{server=\"a\"} 2.5\n", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ObservableInstrument_ThatThrows_CostsItsOwnFiguresOnly()
    {
        using var page = new MeterPage("acme");
        page.Meter.CreateObservableGauge("broken", new Func<int>(() => throw new InvalidOperationException("no")));
        page.Meter.CreateCounter<long>("whole").Add(1);

        Assert.Contains("\nacme_whole 1\n", await page.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Histogram_WithBuckets_IsCumulative()
    {
        using var page = new MeterPage("acme", options => options.ResolveHistogramBuckets = _ => [0.5, 1, 25]);
        var histogram = page.Meter.CreateHistogram<double>("wait", "s", "Time waited.");

        histogram.Record(0.25, new KeyValuePair<string, object?>("pool", "a"));
        histogram.Record(1, new KeyValuePair<string, object?>("pool", "a"));
        histogram.Record(100, new KeyValuePair<string, object?>("pool", "a"));

        Assert.Equal(
            "# HELP acme_wait (s) Time waited. (Histogram`1)\n"
            + "# TYPE acme_wait histogram\n"
            + "acme_wait_sum{pool=\"a\"} 101.25\n"
            + "acme_wait_count{pool=\"a\"} 3\n"
            + "acme_wait_bucket{pool=\"a\",le=\"0.5\"} 1\n"
            + "acme_wait_bucket{pool=\"a\",le=\"1\"} 2\n"
            + "acme_wait_bucket{pool=\"a\",le=\"25\"} 2\n"
            + "acme_wait_bucket{pool=\"a\",le=\"+Inf\"} 3\n",
            await page.ReadAsync());
    }

    [Fact]
    public async Task Histogram_ByDefault_HasDoublingBuckets()
    {
        using var page = new MeterPage("acme");
        page.Meter.CreateHistogram<int>("h").Record(1);

        var bounds = (await page.ReadAsync()).Split('\n').Where(line => line.StartsWith("acme_h_bucket", StringComparison.Ordinal)).ToList();

        Assert.Equal(26, bounds.Count);
        Assert.Equal("acme_h_bucket{le=\"0.01\"} 0", bounds[0]);
        Assert.Equal("acme_h_bucket{le=\"0.02\"} 0", bounds[1]);
        Assert.Equal("acme_h_bucket{le=\"1.28\"} 1", bounds[7]);
        Assert.Equal("acme_h_bucket{le=\"167772.16\"} 1", bounds[24]);
        Assert.Equal("acme_h_bucket{le=\"+Inf\"} 1", bounds[25]);
        Assert.Equal(25, MeterAdapterOptions.DefaultHistogramBuckets.Length);
    }

    [Fact]
    public async Task Measurements_OfEveryNumberType_AreTaken()
    {
        using var page = new MeterPage("acme");
        page.Meter.CreateCounter<byte>("byte").Add(1);
        page.Meter.CreateCounter<short>("short").Add(2);
        page.Meter.CreateCounter<int>("int").Add(3);
        page.Meter.CreateCounter<long>("long").Add(4);
        page.Meter.CreateCounter<float>("float").Add(0.5f);
        page.Meter.CreateCounter<double>("double").Add(1e21);
        page.Meter.CreateCounter<decimal>("decimal").Add(7.25m);

        var text = await page.ReadAsync();

        foreach (var line in (string[])
            ["acme_byte 1", "acme_short 2", "acme_int 3", "acme_long 4", "acme_float 0.5", "acme_double 1e+21", "acme_decimal 7.25"])
        {
            Assert.Contains($"\n{line}\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task GaugeInstrument_Recorded_IsNotExposed()
    {
        using var page = new MeterPage("acme");
        page.Meter.CreateGauge<int>("level").Record(3);

        Assert.DoesNotContain("acme_level", await page.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filter_RefusingAnInstrument_KeepsItOut()
    {
        using var page = new MeterPage("acme", options =>
        {
            var ofMeter = options.InstrumentFilterPredicate;
            options.InstrumentFilterPredicate = instrument => ofMeter(instrument) && instrument.Name != "secret";
        });
        page.Meter.CreateCounter<long>("secret").Add(1);
        page.Meter.CreateCounter<long>("open").Add(1);

        var text = await page.ReadAsync();

        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Contains("acme_open 1", text, StringComparison.Ordinal);
        Assert.Contains("prometheus_net_meteradapter_instruments_connected 1\n", await Page.OfAsync(page.Registry), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instruments_MadeBeforeTheAdapter_AreTaken()
    {
        using var meter = new Meter("early");
        var counter = meter.CreateCounter<long>("bird");
        using var page = new MeterPage("acme", options => options.InstrumentFilterPredicate = instrument => instrument.Meter == meter);

        counter.Add(1);

        Assert.Contains("\nearly_bird 1\n", await page.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adapter_Disposed_TakesNoMore()
    {
        using var page = new MeterPage("acme");
        var counter = page.Meter.CreateCounter<long>("c");
        counter.Add(1);
        page.Dispose();
        counter.Add(1);

        Assert.Contains("\nacme_c 1\n", await page.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_WithALeadingDigit_GetAnUnderscore()
    {
        using var page = new MeterPage("9lives");
        page.Meter.CreateCounter<long>("c").Add(1, new KeyValuePair<string, object?>("1st", "x"));

        Assert.Contains("\n_9lives_c{_1st=\"x\"} 1\n", await page.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Meter_InOpenMetrics_HasFloatsAndAnEnd()
    {
        using var page = new MeterPage("acme", options => options.ResolveHistogramBuckets = _ => [1]);
        page.Meter.CreateCounter<long>("c_total").Add(5);
        page.Meter.CreateHistogram<double>("h").Record(2);

        Assert.Equal(
            "# HELP acme_c_total  (Counter`1)\n"
            + "# TYPE acme_c_total gauge\n"
            + "acme_c_total 5.0\n"
            + "# HELP acme_h  (Histogram`1)\n"
            + "# TYPE acme_h histogram\n"
            + "acme_h_sum 2.0\n"
            + "acme_h_count 1\n"
            + "acme_h_bucket{le=\"1.0\"} 0\n"
            + "acme_h_bucket{le=\"+Inf\"} 1\n"
            + "# EOF\n",
            await page.ReadAsync(ExpositionFormat.OpenMetricsText));
    }

    [Fact]
    public void Expiry_OfMoreThanADay_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MeterPage("acme", options => options.MetricsExpireAfter = TimeSpan.FromDays(2)));
    }

    [Fact]
    public async Task Series_UnusedForLongerThanTheExpiry_Ends()
    {
        using var page = new MeterPage("acme", options => options.MetricsExpireAfter = TimeSpan.FromMilliseconds(20));
        page.Meter.CreateCounter<long>("c").Add(1, new KeyValuePair<string, object?>("pool", "a"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        while ((await page.ReadAsync()).Contains("acme_c{", StringComparison.Ordinal))
        {
            await Task.Delay(10, limit.Token);
        }
    }

    [Fact]
    public async Task MetricFactory_LeftAlone_IsTheDefaultRegistrys()
    {
        using var page = new MeterPage("acme", options => options.MetricFactory = new MeterAdapterOptions().MetricFactory);
        page.Meter.CreateCounter<long>("elsewhere").Add(1);

        Assert.DoesNotContain("elsewhere", await page.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Measurements_FromManyThreads_AreAllCounted()
    {
        using var page = new MeterPage("acme", options => options.ResolveHistogramBuckets = _ => [1, 2]);
        var counter = page.Meter.CreateCounter<long>("c");
        var histogram = page.Meter.CreateHistogram<double>("h");

        Parallel.For(0, 40_000, i =>
        {
            counter.Add(1, new KeyValuePair<string, object?>("shard", i % 4));
            histogram.Record(i % 3);
        });
        var text = await page.ReadAsync();

        for (var shard = 0; shard < 4; shard++)
        {
            Assert.Contains($"\nacme_c{{shard=\"{shard}\"}} 10000\n", text, StringComparison.Ordinal);
        }

        Assert.Contains("\nacme_h_count 40000\n", text, StringComparison.Ordinal);
    }
}
