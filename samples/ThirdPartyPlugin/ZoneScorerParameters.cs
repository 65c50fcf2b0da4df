using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ThirdPartyPlugin;

/// <summary>Parameters of <c>zone-scorer</c>: <c>zone</c>, <c>label</c>, <c>otherZones</c>.</summary>
public sealed record ZoneScorerParameters
{
    /// <summary>Our zone.</summary>
    [Required]
    [Description("Our zone.")]
    public string Zone { get; init; } = "";

    /// <summary>The label that names a pod's zone.</summary>
    [Description("The label that names a pod's zone.")]
    public string Label { get; init; } = "topology.kubernetes.io/zone";

    /// <summary>The score of servers elsewhere.</summary>
    [Range(0.0, 1.0)]
    [Description("The score of servers elsewhere.")]
    public double OtherZones { get; init; } = 0.2;
}
