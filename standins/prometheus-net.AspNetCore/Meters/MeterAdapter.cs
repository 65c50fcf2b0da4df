using System.Diagnostics.Metrics;

namespace Prometheus;

/// <summary>Exposes the instruments of <see cref="System.Diagnostics.Metrics"/> as metrics.</summary>
/// <remarks>
/// Counters become gauges, as meters may be made anew and start from zero. A gauge instrument (<see cref="Gauge{T}"/>) is not exposed; an
/// observable gauge is.
/// </remarks>
public sealed class MeterAdapter : IDisposable
{
    private static readonly TimeSpan LongestExpiry = TimeSpan.FromDays(1);

    private readonly MeterAdapterOptions _options;
    private readonly IMetricFactory _factory;
    private readonly Gauge _connected;
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly List<InstrumentExport> _exports = [];
    private bool _disposed;

    private MeterAdapter(MeterAdapterOptions options)
    {
        if (options.MetricsExpireAfter > LongestExpiry)
        {
            throw new ArgumentOutOfRangeException(nameof(options), "Automatic metric expiration time must be no greater than 1 day.");
        }

        _options = options;
        var own = Metrics.WithCustomRegistry(options.Registry);
        _factory = options.MetricFactory ?? own;
        _connected = own.CreateGauge(
            "prometheus_net_meteradapter_instruments_connected", "Number of instruments that are currently connected to the adapter.");
        _listener.InstrumentPublished = OnPublished;
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, export) => Record(export, value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, export) => Record(export, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, export) => Record(export, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, export) => Record(export, value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, export) => Record(export, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, export) => Record(export, value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, export) => Record(export, (double)value, tags));
        _listener.Start();
        options.Registry.AddBeforeCollectCallback(BeforeCollect);
    }

    public static IDisposable StartListening() => StartListening(MeterAdapterOptions.Default);

    /// <summary>Listens until it is disposed.</summary>
    /// <remarks>With default options a second adapter of a registry does nothing: the default registry starts one by itself.</remarks>
    public static IDisposable StartListening(MeterAdapterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options == MeterAdapterOptions.Default)
        {
            if (options.Registry.HasDefaultMeterAdapter)
            {
                return new NotListening();
            }

            options.Registry.HasDefaultMeterAdapter = true;
        }

        return new MeterAdapter(options);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        _listener.Dispose();
    }

    private static void Record(object? export, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        => ((InstrumentExport)export!).Record(value, tags);

    private void OnPublished(Instrument instrument, MeterListener listener)
    {
        if (!_options.InstrumentFilterPredicate(instrument))
        {
            return;
        }

        _connected.Inc();
        if (InstrumentExport.TryCreate(instrument, _factory, _options.ResolveHistogramBuckets) is { } export)
        {
            lock (_lock)
            {
                _exports.Add(export);
            }

            listener.EnableMeasurementEvents(instrument, export);
        }
    }

    private void BeforeCollect()
    {
        InstrumentExport[] exports;
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            exports = [.. _exports];
        }

        try
        {
            _listener.RecordObservableInstruments();
        }
        finally
        {
            var clock = TimeProvider.System;
            var oldest = clock.GetTimestamp() - (long)(_options.MetricsExpireAfter.TotalSeconds * clock.TimestampFrequency);
            foreach (var export in exports)
            {
                export.RemoveUnusedSince(oldest);
            }
        }
    }
}
