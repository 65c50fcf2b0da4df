using BenchmarkDotNet.Attributes;
using Orleans.Inference.ExtProcGateway.Telemetry;
using Prometheus;

namespace Orleans.Inference.Micro;

/// <summary>What a request's figures cost, beside the same figures told to the library's own metrics one by one.</summary>
[MemoryDiagnoser]
public class RequestMetricsBenchmark
{
    private const string Model = "meta-llama/Llama-3.1-8B-Instruct";
    private const string FairnessId = "default-flow";

    private readonly RequestMetrics _metrics = new(Metrics.NewCustomRegistry());
    private readonly ProcessHistogram _process;
    private readonly RequestSeries _series;
    private readonly Histogram.Child _library;
    private readonly Histogram.Child _libraryWithExemplars;
    private readonly Histogram.Child[] _histograms;
    private readonly Counter.Child[] _counters;
    private readonly Gauge.Child[] _gauges;
    private double _value;

    public RequestMetricsBenchmark()
    {
        var factory = MetricCatalog.FactoryOf(Metrics.NewCustomRegistry());
        string[] labels = [.. MetricCatalog.RequestLabels];
        string[] values = [Model, Model, FairnessId, "0"];
        _process = new(new(MetricCatalog.RequestProcessing, factory));
        _series = _metrics.For(Model, Model, FairnessId, 0);
        _library = Of("h", MetricBuckets.General);
        _libraryWithExemplars = Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())
            .CreateHistogram("h", "", labels, new HistogramConfiguration { Buckets = MetricBuckets.General }).WithLabels(values);

        // Size, duration, response size, input, cached and output tokens and time per token under two names, time to first token and per streamed token under one.
        double[][] twice =
        [
            MetricBuckets.RequestBytes, MetricBuckets.General, MetricBuckets.ResponseBytes, MetricBuckets.InputTokens, MetricBuckets.InputTokens, MetricBuckets.OutputTokens,
            MetricBuckets.PerOutputToken,
        ];
        _histograms =
        [
            .. twice.SelectMany((buckets, i) => new[] { Of($"a{i}", buckets), Of($"b{i}", buckets) }), Of("c", MetricBuckets.FirstToken), Of("d", MetricBuckets.StreamedPerToken),
        ];
        _counters = [.. Enumerable.Range(0, 2).Select(i => factory.CreateCounter($"t{i}_total", "", labels).WithLabels(values))];
        _gauges = [.. Enumerable.Range(0, 2).Select(i => factory.CreateGauge($"g{i}", "", labels).WithLabels(values))];

        Histogram.Child Of(string name, double[] buckets) =>
            factory.CreateHistogram(name, "", labels, new HistogramConfiguration { Buckets = buckets }).WithLabels(values);
    }

    /// <summary>Look-up, scheduled, running, completed with all figures, running ended.</summary>
    [Benchmark(Baseline = true)]
    public void Request()
    {
        var series = _metrics.For(Model, Model, FairnessId, 0);
        series.Scheduled(1400);
        series.RunningStarted();
        series.Completed(new()
        {
            Duration = Next(),
            TimeToFirstToken = _value / 10,
            Streamed = true,
            ResponseBytes = 3000,
            InputTokens = 300,
            OutputTokens = 100,
            CachedTokens = 64,
        });
        series.RunningEnded();
    }

    /// <summary>The same figures, told to metrics of the library that were looked up beforehand.</summary>
    [Benchmark]
    public void RequestOnTheLibrary()
    {
        foreach (var counter in _counters)
        {
            counter.Inc();
        }

        foreach (var gauge in _gauges)
        {
            gauge.Inc();
        }

        var value = Next();
        foreach (var histogram in _histograms)
        {
            histogram.Observe(value);
        }

        foreach (var gauge in _gauges)
        {
            gauge.Dec();
        }
    }

    [Benchmark]
    public object LookUp() => _metrics.For(Model, Model, FairnessId, 0);

    [Benchmark]
    public void InterTokenLatency() => _series.InterTokenLatency(0.03);

    [Benchmark]
    public void ProcessHistogramObserve() => _process.Observe(Next());

    [Benchmark]
    public void LibraryObserve() => _library.Observe(Next());

    [Benchmark]
    public void LibraryObserveWithExemplars() => _libraryWithExemplars.Observe(Next());

    /// <summary>Another bucket each time, so that branches are not foreseen.</summary>
    private double Next() => _value = _value > 1000 ? 0.004 : (_value * 1.37) + 0.001;
}
