using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Filters;

/// <summary>Parameters of <c>by-label</c>, with the reference picker's names and defaults.</summary>
public sealed record LabelFilterParameters
{
    /// <summary>Name of the label.</summary>
    [Required]
    [Description("Name of the label.")]
    public string Label { get; init; } = "";

    /// <summary>The values whose servers are kept.</summary>
    [Description("The values whose servers are kept.")]
    public ImmutableArray<string> ValidValues { get; init; } = [];

    /// <summary>Keep servers without the label too.</summary>
    [Description("Keep servers without the label too.")]
    public bool AllowsNoLabel { get; init; }
}
