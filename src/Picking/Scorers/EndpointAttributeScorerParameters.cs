using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>Parameters of <c>endpoint-attribute-scorer</c>, with the reference picker's names and defaults.</summary>
public sealed record EndpointAttributeScorerParameters
{
    /// <summary>Which attribute.</summary>
    [Required]
    [Description("One of " + ServerAttribute.Names + ".")]
    public string AttributeKey { get; init; } = "";

    /// <summary>Has no effect.</summary>
    [Description("Has no effect: an attribute's name says where it comes from.")]
    public PluginReference? Producer { get; init; }

    /// <summary>How an attribute becomes a score.</summary>
    [Required]
    public AttributeAlgorithm Algorithm { get; init; } = new();
}
