using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>How <c>endpoint-attribute-scorer</c> makes a score of an attribute.</summary>
public sealed record AttributeAlgorithm
{
    /// <summary>Which end of the range is the better one.</summary>
    [Required]
    [AllowedValues(EndpointAttributeScorer.LowerIsBetter, EndpointAttributeScorer.HigherIsBetter)]
    [Description("Which end of the range is the better one.")]
    public string Type { get; init; } = EndpointAttributeScorer.LowerIsBetter;

    /// <summary>The range.</summary>
    public AttributeNormalization Normalization { get; init; } = new();
}
