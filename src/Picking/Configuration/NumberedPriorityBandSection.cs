using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>An entry of <c>flowControl.priorityBands</c>.</summary>
public sealed record NumberedPriorityBandSection : PriorityBandSection
{
    /// <summary>Which priority it is for.</summary>
    [Required]
    public int Priority { get; init; }
}
