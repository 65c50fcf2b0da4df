using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>Parameters of <c>models-data-source</c>.</summary>
public sealed record ModelsSourceParameters
{
    /// <summary>Scheme.</summary>
    [AllowedValues("http", "https")]
    [Description("Scheme of the servers.")]
    public string Scheme { get; init; } = "http";

    /// <summary>Path.</summary>
    [Description("Path of the list of models.")]
    public string Path { get; init; } = "/v1/models";

    /// <summary>Trust any certificate.</summary>
    [Description("With https, trust any certificate.")]
    public bool InsecureSkipVerify { get; init; } = true;

    /// <summary>Trusted authorities.</summary>
    [Description("With https, a PEM file of certificates to trust.")]
    public string? CaCertPath { get; init; }

    /// <summary>Own certificate.</summary>
    [Description("With https, a PEM file with the certificate to show.")]
    public string? ClientCertPath { get; init; }

    /// <summary>Its key.</summary>
    [Description("A PEM file with the key of `clientCertPath`.")]
    public string? ClientKeyPath { get; init; }
}
