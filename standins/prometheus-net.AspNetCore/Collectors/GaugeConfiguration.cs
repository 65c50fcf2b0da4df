namespace Prometheus;

/// <inheritdoc/>
public sealed class GaugeConfiguration : MetricConfiguration;
