namespace Orleans.Inference.Picking.Scorers;

/// <summary>Chooses the candidates' own range for an attribute.</summary>
public sealed record AdaptiveAttributeRange;
