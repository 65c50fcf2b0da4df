namespace Orleans.Inference.Grains.Scraping;

/// <summary>How model servers' metrics are read.</summary>
public sealed class ScrapeOptions
{
    /// <summary>Default of <see cref="Interval"/>.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Time from one scrape of a server to the next; positive.</summary>
    public TimeSpan Interval { get; set; } = DefaultInterval;

    /// <summary>Read over HTTPS, as <see cref="Tls"/> says.</summary>
    public bool Https { get; set; }

    /// <summary>The certificates of HTTPS.</summary>
    public ScrapeTlsOptions Tls { get; set; } = new();

    /// <summary>Path of the whole page, with its leading slash.</summary>
    public string Path { get; set; } = "/metrics";

    /// <summary>Which metrics are read of which engine.</summary>
    internal EngineTable Engines { get; set; } = EngineTable.BuiltIn;

    /// <summary>Port of the metrics; 0 means the port that serves the model.</summary>
    public int Port { get; set; }

    /// <summary>Each pause after a failure is drawn from ±this part of it, so that servers that fail together are not tried together; 0 to 0.5.</summary>
    public double Jitter { get; set; } = 0.05;

    /// <summary>Longest time for one scrape, connecting included; positive.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause between scrapes of a server that fails; the pause doubles from <see cref="Interval"/> with each failure in a row.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest page; a longer one is a failure and the connection is closed.</summary>
    public int MaxPageBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Whether to ask for only the families that are read.</summary>
    public FilteredScrapeMode FilteredScrape { get; set; } = FilteredScrapeMode.Auto;

    /// <summary>How long a finding about a server's filtered answers holds before it is checked against a whole page again.</summary>
    public TimeSpan FilterRecheck { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often due scrapes are started and answers collected; every scrape's latency is rounded up to it.</summary>
    public TimeSpan Slot { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>What is wrong with the files that are named here, one line each; reads them.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (Https)
        {
            ScrapeTls.TryLoad(Tls, faults);
        }

        return [.. faults.Select(fault => $"metrics-data-source: {fault}")];
    }
}
