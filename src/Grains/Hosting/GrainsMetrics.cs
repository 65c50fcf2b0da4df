using System.Diagnostics.Metrics;
using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Grains.Hosting;

/// <summary>Counters of the state's way from model servers to gateways; meter <see cref="MeterName"/>.</summary>
internal sealed class GrainsMetrics : IDisposable
{
    public const string MeterName = "Orleans.Inference.Grains";

    private readonly Meter _meter;
    private readonly Counter<long> _reportBatches;
    private readonly Counter<long> _reportRows;
    private readonly Counter<long> _failedReports;
    private readonly Counter<long> _frames;
    private readonly Counter<long> _skippedFrames;
    private readonly Counter<long> _snapshots;
    private readonly Counter<long> _scrapes;
    private readonly Counter<long> _scrapeFailures;

    public GrainsMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _scrapes = _meter.CreateCounter<long>("scrapes", description: "Scrapes of model servers, good and bad.");
        _scrapeFailures = _meter.CreateCounter<long>("scrape.failures", description: "Scrapes that gave no figures, by reason.");
        _reportBatches = _meter.CreateCounter<long>("report.batches", description: "Batches of samples that this silo reported to pools.");
        _reportRows = _meter.CreateCounter<long>("report.rows", description: "Samples in those batches.");
        _failedReports = _meter.CreateCounter<long>("report.failures", description: "Batches that their pool did not take.");
        _frames = _meter.CreateCounter<long>("frames", description: "Frames pushed to gateways, one for each gateway.");
        _skippedFrames = _meter.CreateCounter<long>("frames.skipped", description: "Frames not pushed to a gateway that does not keep up.");
        _snapshots = _meter.CreateCounter<long>("snapshots", description: "Snapshots given to gateways.");
    }

    public void Scraped(ScrapeFailure failure)
    {
        _scrapes.Add(1);
        if (failure != ScrapeFailure.None)
        {
            _scrapeFailures.Add(1, new KeyValuePair<string, object?>("reason", Reason(failure)));
        }
    }

    public void Reported(int rows)
    {
        _reportBatches.Add(1);
        _reportRows.Add(rows);
    }

    public void ReportFailed() => _failedReports.Add(1);

    public void Pushed(int gateways) => _frames.Add(gateways);

    public void PushSkipped() => _skippedFrames.Add(1);

    public void SnapshotGiven() => _snapshots.Add(1);

    public void Dispose() => _meter.Dispose();

    private static string Reason(ScrapeFailure failure) => failure switch
    {
        ScrapeFailure.Connect => "connect",
        ScrapeFailure.TimedOut => "timeout",
        ScrapeFailure.Closed => "closed",
        ScrapeFailure.Reset => "reset",
        ScrapeFailure.NotHttp => "not_http",
        ScrapeFailure.Status => "status",
        ScrapeFailure.Encoded => "encoded",
        ScrapeFailure.Html => "html",
        ScrapeFailure.TooLarge => "too_large",
        ScrapeFailure.NoFamilies => "no_families",
        ScrapeFailure.BadValues => "bad_values",
        _ => "other",
    };
}
