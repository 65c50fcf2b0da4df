using System.Diagnostics.Metrics;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>The failed scrapes of model servers, told apart as the reference picker does: no page, or a page without usable figures.</summary>
internal sealed class ScrapeErrors(IMetricFactory factory)
{
    private const string Source = "metrics-data-source";
    private const string Extractor = "core-metrics-extractor";

    private readonly CounterFamily _poll = new(MetricCatalog.PollErrors, factory);
    private readonly CounterFamily _extract = new(MetricCatalog.ExtractErrors, factory);

    /// <summary>Takes what the scrapers count, by reason; leaves other instruments alone.</summary>
    public void Take(Instrument instrument, string reason, long count)
    {
        if (count == 0 || instrument is not { Name: "scrape.failures", Meter.Name: "Orleans.Inference.Grains" })
        {
            return;
        }

        if (reason is "no_families" or "bad_values")
        {
            _extract.Add(count, Source, Extractor);
        }
        else
        {
            _poll.Add(count, Source);
        }
    }
}
