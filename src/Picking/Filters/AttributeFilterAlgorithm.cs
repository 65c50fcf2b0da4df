using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Filters;

/// <summary>How <c>endpoint-attribute-filter</c> decides.</summary>
public sealed record AttributeFilterAlgorithm
{
    /// <summary>The only one.</summary>
    [Required]
    [AllowedValues("threshold")]
    [Description("How it is decided.")]
    public string Type { get; init; } = "";

    /// <summary>Of <c>threshold</c>.</summary>
    [Required]
    public AttributeThreshold? Threshold { get; init; }
}
