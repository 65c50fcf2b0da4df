namespace Orleans.Inference.Grains.Scraping;

/// <summary>Why a scrape failed.</summary>
internal enum ScrapeFailure
{
    None,

    /// <summary>No connection: refused, unreachable, or no socket left.</summary>
    Connect,

    /// <summary>No TLS session: the server speaks none, or its certificate is not trusted.</summary>
    Tls,

    /// <summary>The answer was not complete within <see cref="ScrapeOptions.Timeout"/>.</summary>
    TimedOut,

    /// <summary>The server closed the connection before the end of its answer.</summary>
    Closed,

    /// <summary>The connection failed under way.</summary>
    Reset,

    /// <summary>What came is no HTTP/1.x response.</summary>
    NotHttp,

    /// <summary>A status other than 200.</summary>
    Status,

    /// <summary>A content encoding that was not asked for.</summary>
    Encoded,

    /// <summary>A web page instead of metrics.</summary>
    Html,

    /// <summary>Larger than <see cref="ScrapeOptions.MaxPageBytes"/>.</summary>
    TooLarge,

    /// <summary>None of the engine's families is on the page.</summary>
    NoFamilies,

    /// <summary>Families were found, but each value was malformed, not finite or negative.</summary>
    BadValues,
}
