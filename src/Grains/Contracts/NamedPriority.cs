namespace Orleans.Inference.Grains.Contracts;

/// <summary>What the requests of one name are worth.</summary>
/// <param name="Name">Of an InferenceObjective, or of a model.</param>
/// <param name="Priority">Higher is served first; below 0 can be shed.</param>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.NamedPriority")]
public readonly record struct NamedPriority([property: Id(0)] string Name, [property: Id(1)] int Priority);
