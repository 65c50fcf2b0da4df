using Orleans.Inference.Grains.Hosting;
using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Grains.ModelServers;

/// <summary>Brings a scraper's samples to the slot under which they are reported now: an order with a new slot must not cost the scraper its connection.</summary>
internal sealed class SampleRelay(ReportSlot slot, GrainsMetrics metrics) : IScrapeSink
{
    private ReportSlot _slot = slot;

    public ReportSlot Slot => Volatile.Read(ref _slot);

    public void OnSample(in ScrapeSample sample)
    {
        metrics.Scraped(sample.Health.Failure);
        Slot.Put(sample);
    }

    /// <summary>Reports under another slot from now on, beginning with what is known.</summary>
    public void MoveTo(ReportSlot slot)
    {
        var old = Interlocked.Exchange(ref _slot, slot);
        if (old.Latest() is { } sample)
        {
            slot.Put(sample);
        }

        old.Dispose();
    }
}
