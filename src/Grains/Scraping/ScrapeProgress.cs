namespace Orleans.Inference.Grains.Scraping;

/// <summary>Where a scrape stands.</summary>
internal enum ScrapeProgress
{
    /// <summary>The network has to go on first.</summary>
    Pending,

    Succeeded,

    Failed,
}
