using System.Diagnostics.Metrics;
using Prometheus;

namespace Contracts.Prometheus;

/// <summary>A meter of its own, an adapter that listens to it alone, and a registry of its own.</summary>
internal sealed class MeterPage : IDisposable
{
    private const string Connected = "prometheus_net_meteradapter_instruments_connected";

    private readonly IDisposable _adapter;

    public MeterPage(string meterName, Action<MeterAdapterOptions>? configure = null)
    {
        Meter = new Meter(meterName);
        Registry = Metrics.NewCustomRegistry();
        var options = new MeterAdapterOptions
        {
            Registry = Registry,
            MetricFactory = Metrics.WithCustomRegistry(Registry),
            InstrumentFilterPredicate = instrument => instrument.Meter == Meter,
        };
        configure?.Invoke(options);
        _adapter = MeterAdapter.StartListening(options);
    }

    public Meter Meter { get; }

    public CollectorRegistry Registry { get; }

    /// <summary>The page without the adapter's own metric.</summary>
    public async Task<string> ReadAsync(ExpositionFormat format = ExpositionFormat.PrometheusText)
    {
        var lines = (await Page.OfAsync(Registry, format)).Split('\n');
        return string.Join('\n', lines.Where(line => !line.Contains(Connected, StringComparison.Ordinal)));
    }

    public void Dispose()
    {
        _adapter.Dispose();
        Meter.Dispose();
    }
}
