using System.Collections.Immutable;

namespace Orleans.Inference.Grains.Contracts;

/// <summary>Which pools there are.</summary>
/// <remarks>Immutable.</remarks>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.PoolDirectory")]
public sealed class PoolDirectory
{
    /// <summary>Which activation of the directory grain says so; versions of different epochs can't be compared.</summary>
    [Id(0)]
    public required Guid Epoch { get; init; }

    /// <summary>Grows with each change; 0 before discovery has said anything: then <see cref="Pools"/> means nothing.</summary>
    [Id(1)]
    public required long Version { get; init; }

    /// <summary>The pools.</summary>
    [Id(2)]
    public required ImmutableArray<PoolSpec> Pools { get; init; }
}
