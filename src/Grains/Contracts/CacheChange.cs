namespace Orleans.Inference.Grains.Contracts;

/// <summary>Another cache configuration on one server.</summary>
/// <param name="Index">The server's index after all membership operations of the frame; in a report batch, the row.</param>
/// <param name="Cache">The configuration from now on.</param>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.CacheChange")]
public readonly record struct CacheChange([property: Id(0)] int Index, [property: Id(1)] ModelServerCache Cache);
