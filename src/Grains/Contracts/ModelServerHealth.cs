namespace Orleans.Inference.Grains.Contracts;

/// <summary>How the newest scrape of a model server ended.</summary>
public enum ModelServerHealth : byte
{
    /// <summary>Not scraped yet.</summary>
    Unknown = 0,

    /// <summary>Its figures were read.</summary>
    Healthy = 1,

    /// <summary>No connection, or it broke.</summary>
    Unreachable = 2,

    /// <summary>No whole answer in time.</summary>
    TimedOut = 3,

    /// <summary>An answer that holds no figures: another status than 200, no metrics, or too large.</summary>
    BadAnswer = 4,
}
