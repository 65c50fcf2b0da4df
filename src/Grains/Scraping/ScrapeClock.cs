using Microsoft.Extensions.Logging;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>Starts the due scrapes of all model servers of this process; one instance a process.</summary>
/// <remarks>Safe from any thread.</remarks>
internal sealed class ScrapeClock(ScrapeOptions options, TimeProvider time, Random random, ILogger<ScrapeClock> logger) : IDisposable
{
    internal ScrapeOptions Options { get; } = options;

    internal TimeProvider Time { get; } = time;

    internal Random Random { get; } = random;

    internal ILogger Logger { get; } = logger;

    internal HashSet<MetricsScraper> Scrapers { get; } = [];

    public void Add(MetricsScraper scraper)
    {
        lock (Scrapers)
        {
            Scrapers.Add(scraper);
        }
    }

    public void Remove(MetricsScraper scraper)
    {
        lock (Scrapers)
        {
            Scrapers.Remove(scraper);
        }
    }

    /// <summary>Ends all scraping.</summary>
    public void Dispose()
    {
    }
}
