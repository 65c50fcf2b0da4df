namespace Orleans.Inference.Grains.Contracts;

/// <summary>Other adapters on one server.</summary>
/// <param name="Index">The server's index after all membership operations of the frame; in a report batch, the row.</param>
/// <param name="Lora">The adapters from now on.</param>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.LoraChange")]
public readonly record struct LoraChange([property: Id(0)] int Index, [property: Id(1)] ModelServerLora Lora);
