namespace Orleans.Inference.Picking.Scheduling;

/// <summary>A scorer and how much it counts; weights are used as they are, not normalised.</summary>
public readonly record struct WeightedScorer(IScorer Scorer, double Weight);
