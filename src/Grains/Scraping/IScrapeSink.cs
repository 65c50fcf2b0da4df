namespace Orleans.Inference.Grains.Scraping;

/// <summary>Takes the samples of one model server.</summary>
internal interface IScrapeSink
{
    /// <summary>Called after every scrape, one call at a time for each server.</summary>
    /// <remarks>
    /// Runs on the thread that scrapes hundreds of other servers, on no grain's turn: store the sample and return, never wait. One call that is
    /// already under way may end after <see cref="MetricsScraper.Dispose"/> has returned.
    /// </remarks>
    void OnSample(in ScrapeSample sample);
}
