namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>What a metric is to Prometheus.</summary>
internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}
