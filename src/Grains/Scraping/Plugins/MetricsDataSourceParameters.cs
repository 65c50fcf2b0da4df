using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Grains.Scraping.Plugins;

/// <summary>Parameters of <c>metrics-data-source</c>, with the reference picker's names.</summary>
public sealed record MetricsDataSourceParameters
{
    /// <summary>Scheme of the metrics.</summary>
    [AllowedValues("http", "https")]
    [Description("Scheme of the metrics; https is not available in this version, and refused.")]
    public string Scheme { get; init; } = "http";

    /// <summary>Path of the metrics; null as the flag says.</summary>
    [Description("Path of the metrics; without it what `--model-server-metrics-path` says.")]
    public string? Path { get; init; }

    /// <summary>Port of the metrics; null as the flag says.</summary>
    [Range(1, 65535)]
    [Description("Port of the metrics; without it what `--model-server-metrics-port` says.")]
    public int? Port { get; init; }

    /// <summary>Time between two scrapes of a server; null as the flag says.</summary>
    [Description("Time between two scrapes of a server, at least 50ms; without it what `--refresh-metrics-interval` says.")]
    public TimeSpan? Interval { get; init; }

    /// <summary>Trust any certificate.</summary>
    [Description("Of no effect while there is no https.")]
    public bool InsecureSkipVerify { get; init; } = true;

    /// <summary>A CA's certificate.</summary>
    [Description("Of no effect while there is no https.")]
    public string? CaCertPath { get; init; }

    /// <summary>The picker's own certificate.</summary>
    [Description("Of no effect while there is no https.")]
    public string? ClientCertPath { get; init; }

    /// <summary>Its key.</summary>
    [Description("Of no effect while there is no https.")]
    public string? ClientKeyPath { get; init; }
}
