using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>A gauge with labels, under both its names.</summary>
internal sealed class GaugeFamily(MetricDefinition definition, IMetricFactory factory)
{
    private readonly Gauge _gauge = factory.CreateGauge(definition.Name, definition.Help, definition.Labels);
    private readonly Gauge? _older = definition.Older is { } older ? factory.CreateGauge(older.Name, definition.OlderHelp, older.Labels) : null;

    /// <summary>Sets the series of these label values. Only for metrics whose two names have the same labels, or that have one series.</summary>
    public void Set(double value, params string[] values)
    {
        _gauge.WithLabels(values).Set(value);
        _older?.WithLabels(definition.OlderValues(values)).Set(value);
    }

    /// <summary>Adds to the series of these label values.</summary>
    public void Add(double increment, params string[] values)
    {
        _gauge.WithLabels(values).Inc(increment);
        _older?.WithLabels(definition.OlderValues(values)).Inc(increment);
    }

    /// <summary>Ends the series of these label values. Only for metrics whose two names have the same labels, or that have one series.</summary>
    public void Remove(params string[] values)
    {
        _gauge.RemoveLabelled(values);
        _older?.RemoveLabelled(definition.OlderValues(values));
    }
}
