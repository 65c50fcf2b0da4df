namespace Orleans.Inference.Grains.Scraping;

/// <summary>Reads the metrics of one model server again and again and hands each outcome to its sink.</summary>
/// <remarks>Runs on threads of <see cref="ScrapeClock"/>, off any grain's turn.</remarks>
internal sealed class MetricsScraper(ScrapeTarget target, IScrapeSink sink, ScrapeClock clock) : IDisposable
{
    public ScrapeTarget Target { get; } = target;

    internal IScrapeSink Sink { get; } = sink;

    internal ScrapeClock Clock { get; } = clock;

    /// <summary>Begins scraping; the first scrape comes within one interval. A second call does nothing.</summary>
    public void Start() => Clock.Add(this);

    /// <summary>Ends scraping and closes the connection.</summary>
    public void Dispose() => Clock.Remove(this);
}
