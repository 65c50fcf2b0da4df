using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>The metrics of requests, by model, target model, fairness id and priority.</summary>
internal sealed class RequestFamilies(IMetricFactory factory)
{
    public CounterFamily Total { get; } = new(MetricCatalog.RequestTotal, factory);

    public CounterFamily Errors { get; } = new(MetricCatalog.RequestErrors, factory);

    public GaugeFamily Running { get; } = new(MetricCatalog.RequestsRunning, factory);

    public HistogramFamily Size { get; } = new(MetricCatalog.RequestSize, factory);

    public HistogramFamily Duration { get; } = new(MetricCatalog.RequestDuration, factory);

    public HistogramFamily ResponseSize { get; } = new(MetricCatalog.ResponseSize, factory);

    public HistogramFamily InputTokens { get; } = new(MetricCatalog.InputTokens, factory);

    public HistogramFamily CachedTokens { get; } = new(MetricCatalog.CachedTokens, factory);

    public HistogramFamily OutputTokens { get; } = new(MetricCatalog.OutputTokens, factory);

    public HistogramFamily PerOutputToken { get; } = new(MetricCatalog.PerOutputToken, factory);

    public HistogramFamily FirstToken { get; } = new(MetricCatalog.FirstToken, factory);

    public HistogramFamily StreamedPerToken { get; } = new(MetricCatalog.StreamedPerToken, factory);

    public HistogramFamily InterToken { get; } = new(MetricCatalog.InterToken, factory);
}
