namespace Orleans.Inference.Grains.Contracts;

/// <summary>A pool's order to watch one model server.</summary>
/// <remarks>Immutable.</remarks>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.ModelServerAssignment")]
public sealed record ModelServerAssignment
{
    /// <summary>Key of the pool's grain, <c>namespace/name</c>.</summary>
    [Id(0)]
    public required string Pool { get; init; }

    /// <summary>The activation of the pool grain that gave the order.</summary>
    [Id(1)]
    public required Guid Epoch { get; init; }

    /// <summary>The number under which to report; never used again for another server in the same epoch.</summary>
    [Id(2)]
    public required int Slot { get; init; }

    /// <summary>The server.</summary>
    [Id(3)]
    public required ModelServerSpec Server { get; init; }
}
