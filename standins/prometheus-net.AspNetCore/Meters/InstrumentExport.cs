using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Prometheus;

/// <summary>Carries an instrument's measurements to its metrics, one for each set of tag names.</summary>
internal sealed class InstrumentExport
{
    private readonly Instrument _instrument;
    private readonly MeasurementKind _kind;
    private readonly string _name;
    private readonly string _help;
    private readonly IMetricFactory _factory;
    private readonly Func<Instrument, double[]> _resolveBuckets;
    private readonly ConcurrentDictionary<string[], TaggedMetric> _metrics = new(LabelValuesComparer.Instance);
    private readonly ConcurrentDictionary<string[], TaggedMetric>.AlternateLookup<ReadOnlySpan<string>> _metricsBySpan;

    private InstrumentExport(Instrument instrument, MeasurementKind kind, IMetricFactory factory, Func<Instrument, double[]> resolveBuckets)
    {
        _instrument = instrument;
        _kind = kind;
        _name = PrometheusName.Translate($"{instrument.Meter.Name}_{instrument.Name}");
        _help = (string.IsNullOrWhiteSpace(instrument.Unit) ? "" : $"({instrument.Unit}) ") + $"{instrument.Description} ({instrument.GetType().Name})";
        _factory = factory;
        _resolveBuckets = resolveBuckets;
        _metricsBySpan = _metrics.GetAlternateLookup<ReadOnlySpan<string>>();
    }

    /// <summary>null when the kind of instrument is not exposed.</summary>
    public static InstrumentExport? TryCreate(Instrument instrument, IMetricFactory factory, Func<Instrument, double[]> resolveBuckets)
    {
        var type = instrument.GetType();
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        MeasurementKind? kind =
            definition == typeof(Counter<>) || definition == typeof(UpDownCounter<>) ? MeasurementKind.Add
            : definition == typeof(Histogram<>) ? MeasurementKind.Observe
            : definition == typeof(ObservableCounter<>) || definition == typeof(ObservableUpDownCounter<>) || definition == typeof(ObservableGauge<>)
                ? MeasurementKind.Set
            : null;
        return kind is { } known ? new(instrument, known, factory, resolveBuckets) : null;
    }

    /// <summary>Never throws: an exception would reach the code that measures.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var buffer = ArrayPool<string>.Shared.Rent(Math.Max(1, tags.Length));
        try
        {
            var strings = buffer.AsSpan(0, tags.Length);
            for (var i = 0; i < tags.Length; i++)
            {
                strings[i] = tags[i].Key;
            }

            if (!_metricsBySpan.TryGetValue(strings, out var metric))
            {
                metric = _metrics.GetOrAdd(strings.ToArray(), Create);
            }

            for (var i = 0; i < tags.Length; i++)
            {
                strings[i] = tags[metric.TagOfLabel[i]].Value?.ToString() ?? "";
            }

            Apply(metric.Collector, strings, value);
        }
        catch (Exception exception)
        {
            Trace.WriteLine($"{_instrument.Name} collection failed: {exception.Message}");
        }
        finally
        {
            ArrayPool<string>.Shared.Return(buffer, clearArray: true);
        }
    }

    public void RemoveUnusedSince(long timestamp)
    {
        foreach (var metric in _metrics.Values)
        {
            metric.Collector.RemoveUnusedSince(timestamp);
        }
    }

    private void Apply(Collector collector, ReadOnlySpan<string> labelValues, double value)
    {
        var now = TimeProvider.System.GetTimestamp();
        if (_kind == MeasurementKind.Observe)
        {
            var histogram = ((Histogram)collector).WithLabels(labelValues);
            histogram.Touch(now);
            histogram.Observe(value);
            return;
        }

        var gauge = ((Gauge)collector).WithLabels(labelValues);
        gauge.Touch(now);
        if (_kind == MeasurementKind.Add)
        {
            gauge.Inc(value);
        }
        else
        {
            gauge.Set(value);
        }
    }

    /// <summary>Labels are ordered by name: the order of tags means nothing.</summary>
    private TaggedMetric Create(string[] tagNames)
    {
        var labelNames = tagNames.Select(PrometheusName.Translate).ToArray();
        var tagOfLabel = Enumerable.Range(0, tagNames.Length).ToArray();
        Array.Sort(labelNames, tagOfLabel, StringComparer.Ordinal);
        Collector collector = _kind == MeasurementKind.Observe
            ? _factory.CreateHistogram(_name, _help, labelNames, new HistogramConfiguration { Buckets = _resolveBuckets(_instrument) })
            : _factory.CreateGauge(_name, _help, labelNames, null);
        return new(collector, tagOfLabel);
    }

    private sealed record TaggedMetric(Collector Collector, int[] TagOfLabel);
}
