namespace Prometheus;

/// <summary>The default registry, and makers of metrics in it.</summary>
public static class Metrics
{
    private static Action<MeterAdapterOptions> _configureMeterAdapter = _ => { };

    static Metrics()
    {
        DefaultRegistry = new CollectorRegistry();
        DefaultFactory = new MetricFactory(DefaultRegistry);
        SuppressDefaultMetrics(new SuppressDefaultMetricOptions());
    }

    public static CollectorRegistry DefaultRegistry { get; }

    public static MetricFactory DefaultFactory { get; }

    public static CollectorRegistry NewCustomRegistry() => new();

    public static MetricFactory WithCustomRegistry(CollectorRegistry registry) => new(registry);

    public static Counter CreateCounter(string name, string help, CounterConfiguration? configuration = null)
        => DefaultFactory.CreateCounter(name, help, configuration);

    public static Counter CreateCounter(string name, string help, string[] labelNames, CounterConfiguration? configuration = null)
        => DefaultFactory.CreateCounter(name, help, labelNames, configuration);

    public static Counter CreateCounter(string name, string help, params string[] labelNames)
        => DefaultFactory.CreateCounter(name, help, labelNames);

    public static Gauge CreateGauge(string name, string help, GaugeConfiguration? configuration = null)
        => DefaultFactory.CreateGauge(name, help, configuration);

    public static Gauge CreateGauge(string name, string help, string[] labelNames, GaugeConfiguration? configuration = null)
        => DefaultFactory.CreateGauge(name, help, labelNames, configuration);

    public static Gauge CreateGauge(string name, string help, params string[] labelNames)
        => DefaultFactory.CreateGauge(name, help, labelNames);

    public static Histogram CreateHistogram(string name, string help, HistogramConfiguration? configuration = null)
        => DefaultFactory.CreateHistogram(name, help, configuration);

    public static Histogram CreateHistogram(string name, string help, string[] labelNames, HistogramConfiguration? configuration = null)
        => DefaultFactory.CreateHistogram(name, help, labelNames, configuration);

    public static Histogram CreateHistogram(string name, string help, params string[] labelNames)
        => DefaultFactory.CreateHistogram(name, help, labelNames);

    /// <summary>Leaves all that the default registry would offer by itself out; to be called before its first page.</summary>
    public static void SuppressDefaultMetrics() => SuppressDefaultMetrics(SuppressDefaultMetricOptions.All);

    /// <summary>Leaves some of what the default registry would offer by itself out; to be called before its first page.</summary>
    public static void SuppressDefaultMetrics(SuppressDefaultMetricOptions options)
    {
        options ??= SuppressDefaultMetricOptions.All;
        DefaultRegistry.SetBeforeFirstCollect(() =>
        {
            if (!options.SuppressProcessMetrics)
            {
                DotNetStats.Register(DefaultRegistry);
            }

            if (!options.SuppressMeters)
            {
                var adapter = new MeterAdapterOptions();
                _configureMeterAdapter(adapter);
                MeterAdapter.StartListening(adapter);
            }
        });
    }

    /// <summary>Configures the adapter that the default registry starts by itself.</summary>
    public static void ConfigureMeterAdapter(Action<MeterAdapterOptions> callback) => _configureMeterAdapter = callback;
}
