using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>
/// Puts the counters of this product's meters on the page: <c>Orleans.Inference.Grains</c>' <c>scrape.failures</c> is
/// <c>orleans_inference_grains_scrape_failures_total</c>. Meters are for the parts that know no page.
/// </summary>
/// <remarks>
/// The library's own adapter exposes counters as gauges without the suffix that counters have, and looks up labels for every measurement. Safe from any thread.
/// Only <see cref="Counter{T}"/> and <see cref="UpDownCounter{T}"/> of <see cref="long"/> with at most one tag are taken: there are no others.
/// </remarks>
internal sealed class MeterExport : IDisposable
{
    private const string OwnMeters = "Orleans.Inference";

    private readonly ConcurrentQueue<InstrumentTally> _instruments = new();
    private readonly MeterListener _listener = new();
    private readonly IMetricFactory _factory;
    private readonly ScrapeErrors _scrapeErrors;

    /// <param name="meters">Whose meters are taken: those of the same host.</param>
    public MeterExport(IMeterFactory meters, CollectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        _factory = MetricCatalog.FactoryOf(registry);
        _scrapeErrors = new(_factory);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Meter.Name.StartsWith(OwnMeters, StringComparison.Ordinal))
            {
                var tally = new InstrumentTally(instrument);
                _instruments.Enqueue(tally);
                listener.EnableMeasurementEvents(instrument, tally);
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((InstrumentTally)state!).Add(value, tags));
        _listener.Start();
        registry.AddBeforeCollectCallback(Flush);
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Flush()
    {
        foreach (var instrument in _instruments)
        {
            instrument.Flush(_factory, _scrapeErrors);
        }
    }
}
