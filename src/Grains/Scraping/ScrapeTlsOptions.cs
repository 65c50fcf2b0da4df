namespace Orleans.Inference.Grains.Scraping;

/// <summary>How model servers' metrics are read over HTTPS.</summary>
public sealed record ScrapeTlsOptions
{
    /// <summary>Trust any certificate.</summary>
    public bool InsecureSkipVerify { get; init; } = true;

    /// <summary>File of PEM certificates that are trusted in place of the system's; null for those. Of no effect where any is trusted.</summary>
    public string? CaCertPath { get; init; }

    /// <summary>File of the PEM certificate that is shown to model servers; null for none.</summary>
    public string? ClientCertPath { get; init; }

    /// <summary>File of its PEM key.</summary>
    public string? ClientKeyPath { get; init; }
}
