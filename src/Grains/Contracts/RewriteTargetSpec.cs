namespace Orleans.Inference.Grains.Contracts;

/// <summary>One model that a rewrite rule can send requests to.</summary>
/// <param name="Model">Name that the model server knows it by.</param>
/// <param name="Weight">Its share in relation to the other targets; null where none is given.</param>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.RewriteTargetSpec")]
public readonly record struct RewriteTargetSpec([property: Id(0)] string Model, [property: Id(1)] int? Weight);
