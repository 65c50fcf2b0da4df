namespace Orleans.Inference.Picking.Policies;

/// <summary>One model that a rewrite rule can send requests to.</summary>
/// <param name="Model">Name that the model server knows it by.</param>
/// <param name="Weight">Its share in relation to the other targets; null where none is given.</param>
public readonly record struct RewriteTarget(string Model, int? Weight);
