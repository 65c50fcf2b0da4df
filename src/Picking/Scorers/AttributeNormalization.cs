namespace Orleans.Inference.Picking.Scorers;

/// <summary>The range in which <c>endpoint-attribute-scorer</c> places an attribute: at most one of these, by default that of the candidates.</summary>
public sealed record AttributeNormalization
{
    /// <summary>A range that is given.</summary>
    public AttributeRange? FixedRange { get; init; }

    /// <summary>The range of the candidates; a mapping without fields.</summary>
    public AdaptiveAttributeRange? AdaptiveRange { get; init; }
}
