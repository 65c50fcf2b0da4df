namespace Orleans.Inference.Grains.Scraping;

/// <summary>Whether a model server is asked for only the metric families that are read.</summary>
public enum FilteredScrapeMode
{
    /// <summary>Found out for each server; the whole page where it cannot do it.</summary>
    Auto,

    /// <summary>Always the whole page.</summary>
    Never,
}
