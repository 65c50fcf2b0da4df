namespace Orleans.Inference.OrleansContracts.Values;

[GenerateSerializer, Alias("contracts.Point")]
public sealed record Point([property: Id(0)] int X, [property: Id(1)] int Y);
