namespace Orleans.Inference.Grains.Scraping;

/// <summary>What a step on a <see cref="IScrapeLink"/> came to.</summary>
internal enum LinkProgress
{
    /// <summary>Nothing can be done now.</summary>
    Pending,

    /// <summary>Something was done.</summary>
    Done,

    /// <summary>The connection is lost.</summary>
    Failed,
}
