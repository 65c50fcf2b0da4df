using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>A range for an attribute.</summary>
public sealed record AttributeRange
{
    /// <summary>Lower end.</summary>
    [Required]
    [Description("Lower end; less counts as this. Without a fixedRange, or with an empty adaptiveRange in its place, that of the candidates.")]
    public double Min { get; init; }

    /// <summary>Upper end.</summary>
    [Required]
    [Description("Upper end; more counts as this.")]
    public double Max { get; init; }
}
