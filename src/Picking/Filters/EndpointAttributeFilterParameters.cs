using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Filters;

/// <summary>Parameters of <c>endpoint-attribute-filter</c>, with the reference picker's names and defaults.</summary>
public sealed record EndpointAttributeFilterParameters
{
    /// <summary>Which attribute.</summary>
    [Required]
    [Description("One of " + ServerAttribute.Names + ".")]
    public string Attribute { get; init; } = "";

    /// <summary>Has no effect.</summary>
    [Description("Has no effect: an attribute's name says where it comes from.")]
    public PluginReference? Producer { get; init; }

    /// <summary>What becomes of servers without the attribute.</summary>
    [AllowedValues("Pass", "Fail")]
    [ElseDefault(Only = "")]
    [Description("Whether servers without the attribute are kept.")]
    public string OnMissing { get; init; } = "Pass";

    /// <summary>Where no server is left, keep all.</summary>
    [Description("Where no server is left, keep all.")]
    public bool FallbackOnEmpty { get; init; }

    /// <summary>How it is decided.</summary>
    [Required]
    public AttributeFilterAlgorithm Algorithm { get; init; } = new();
}
