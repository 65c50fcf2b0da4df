using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Filters;

/// <summary>What an attribute is compared with.</summary>
public sealed record AttributeThreshold
{
    /// <summary>How the attribute has to be.</summary>
    [Required]
    [AllowedValues("LessThan", "LessThanOrEqual", "GreaterThan", "GreaterThanOrEqual", "Equal", "NotEqual")]
    [Description("How the attribute of a server that is kept compares with `value`.")]
    public string Operator { get; init; } = "";

    /// <summary>The other side.</summary>
    [Description("What the attribute is compared with.")]
    public double Value { get; init; }

    /// <summary>Whether an attribute is as it has to be.</summary>
    internal bool Holds(double attribute) => Operator switch
    {
        "LessThan" => attribute < Value,
        "LessThanOrEqual" => attribute <= Value,
        "GreaterThan" => attribute > Value,
        "GreaterThanOrEqual" => attribute >= Value,
        "Equal" => attribute == Value,
        _ => attribute != Value,
    };
}
