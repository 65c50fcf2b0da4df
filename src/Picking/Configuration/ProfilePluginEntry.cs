using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>An entry of a profile's <c>plugins</c>.</summary>
internal sealed record ProfilePluginEntry
{
    [Required]
    public PluginReference? PluginRef { get; init; }

    /// <summary>How much a scorer counts.</summary>
    public double? Weight { get; init; }
}
