using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>Parameters of <c>context-length-aware</c>, with the reference picker's names and defaults.</summary>
public sealed record ContextLengthAwareParameters
{
    /// <summary>The pods' label.</summary>
    [MinLength(1)]
    [Description("The pods' label, with a range of tokens as `min-max`.")]
    public string Label { get; init; } = ContextLengthAware.DefaultLabel;

    /// <summary>Leave servers out as a filter.</summary>
    [Description("As a filter: leave out servers whose range the prompt is not in. Without it the filter keeps all.")]
    public bool EnableFiltering { get; init; }
}
