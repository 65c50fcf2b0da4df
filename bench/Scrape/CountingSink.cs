using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Scrape;

/// <summary>Counts what one server's scrapes gave.</summary>
internal sealed class CountingSink : IScrapeSink
{
    public long Good { get; private set; }

    public long Bad { get; private set; }

    public ScrapeHealth LastFault { get; private set; }

    public void OnSample(in ScrapeSample sample)
    {
        if (sample.Health.IsHealthy)
        {
            Good++;
        }
        else
        {
            Bad++;
            LastFault = sample.Health;
        }
    }
}
