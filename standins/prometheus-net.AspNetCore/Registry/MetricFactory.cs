namespace Prometheus;

/// <summary>Makes metrics in a registry; a metric made twice is the same.</summary>
public sealed class MetricFactory : IMetricFactory
{
    private readonly CollectorRegistry _registry;

    internal MetricFactory(CollectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        _registry = registry;
    }

    /// <summary>Where the exemplars of its metrics come from; without effect here.</summary>
    public ExemplarBehavior? ExemplarBehavior { get; set; }

    public Counter CreateCounter(string name, string help, CounterConfiguration? configuration = null)
        => CreateCounter(name, help, configuration?.LabelNames ?? [], configuration);

    public Counter CreateCounter(string name, string help, string[] labelNames, CounterConfiguration? configuration = null)
        => _registry.GetOrAdd(name, labelNames, () => new Counter(name, help, labelNames, configuration?.SuppressInitialValue ?? false));

    public Counter CreateCounter(string name, string help, params string[] labelNames) => CreateCounter(name, help, labelNames, null);

    public Gauge CreateGauge(string name, string help, GaugeConfiguration? configuration = null)
        => CreateGauge(name, help, configuration?.LabelNames ?? [], configuration);

    public Gauge CreateGauge(string name, string help, string[] labelNames, GaugeConfiguration? configuration = null)
        => _registry.GetOrAdd(name, labelNames, () => new Gauge(name, help, labelNames, configuration?.SuppressInitialValue ?? false));

    public Gauge CreateGauge(string name, string help, params string[] labelNames) => CreateGauge(name, help, labelNames, null);

    public Histogram CreateHistogram(string name, string help, HistogramConfiguration? configuration = null)
        => CreateHistogram(name, help, configuration?.LabelNames ?? [], configuration);

    public Histogram CreateHistogram(string name, string help, string[] labelNames, HistogramConfiguration? configuration = null)
        => _registry.GetOrAdd(
            name, labelNames, () => new Histogram(name, help, labelNames, configuration?.SuppressInitialValue ?? false, configuration?.Buckets));

    public Histogram CreateHistogram(string name, string help, params string[] labelNames) => CreateHistogram(name, help, labelNames, null);
}
