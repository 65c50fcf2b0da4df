using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Grains.Scraping.Plugins;

/// <summary>Parameters of <c>metrics-data-source</c>, with the reference picker's names.</summary>
public sealed record MetricsDataSourceParameters
{
    /// <summary>Scheme of the metrics; null as the flag says.</summary>
    [AllowedValues("http", "https")]
    [Description("Scheme of the metrics; without it what `--model-server-metrics-scheme` says.")]
    public string? Scheme { get; init; }

    /// <summary>Path of the metrics; null as the flag says.</summary>
    [Description("Path of the metrics; without it what `--model-server-metrics-path` says.")]
    public string? Path { get; init; }

    /// <summary>Port of the metrics; null as the flag says.</summary>
    [Range(1, 65535)]
    [Description("Port of the metrics; without it what `--model-server-metrics-port` says.")]
    public int? Port { get; init; }

    /// <summary>Time between two scrapes of a server; null as the flag says.</summary>
    [ElseDefault(Only = "")]
    [Description("Time between two scrapes of a server, at least 50ms; without it, or with 0, what `--refresh-metrics-interval` says.")]
    public TimeSpan? Interval { get; init; }

    /// <summary>Trust any certificate; null as the flag says.</summary>
    [Description("With https, trust any certificate; without it what `--model-server-metrics-https-insecure-skip-verify` says. A certificate that is verified must name the server's address.")]
    public bool? InsecureSkipVerify { get; init; }

    /// <summary>A CA's certificate.</summary>
    [Description("With https, a PEM file of certificates to trust in place of the system's.")]
    public string? CaCertPath { get; init; }

    /// <summary>The picker's own certificate.</summary>
    [Description("With https, a PEM file with the certificate to show to model servers; needs `clientKeyPath`.")]
    public string? ClientCertPath { get; init; }

    /// <summary>Its key.</summary>
    [Description("A PEM file with the key of `clientCertPath`.")]
    public string? ClientKeyPath { get; init; }
}
