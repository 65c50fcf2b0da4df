using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>Parameters of <c>header-label-affinity-scorer</c>, with the reference picker's names.</summary>
public sealed record HeaderLabelAffinityScorerParameters
{
    /// <summary>The request's header.</summary>
    [Required]
    [Description("The request's header, whatever the case of its letters.")]
    public string HeaderName { get; init; } = "";

    /// <summary>The pods' label.</summary>
    [Required]
    [Description("The pods' label.")]
    public string LabelKey { get; init; } = "";
}
