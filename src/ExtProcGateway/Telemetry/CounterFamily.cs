using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>A counter with labels, under both its names.</summary>
internal sealed class CounterFamily(MetricDefinition definition, IMetricFactory factory)
{
    private readonly Counter _counter = factory.CreateCounter(definition.Name, definition.Help, definition.Labels);
    private readonly Counter? _older = definition.Older is { } older ? factory.CreateCounter(older.Name, definition.OlderHelp, older.Labels) : null;

    /// <summary>Adds to the series of these label values; the series begins where there was none.</summary>
    public void Add(double increment, params string[] values)
    {
        _counter.WithLabels(values).Inc(increment);
        _older?.WithLabels(definition.OlderValues(values)).Inc(increment);
    }

    /// <summary>Ends the series of these label values. Only for metrics whose two names have the same labels.</summary>
    public void Remove(params string[] values)
    {
        _counter.RemoveLabelled(values);
        _older?.RemoveLabelled(definition.OlderValues(values));
    }
}
