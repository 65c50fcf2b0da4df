namespace Orleans.Inference.Picking.Configuration;

/// <summary>What a configuration switches on and off; the reference picker's defaults.</summary>
/// <remarks>Immutable.</remarks>
public sealed record FeatureGates
{
    /// <summary><c>flowControl</c>: requests wait in queues of the picker while the pool is full.</summary>
    public bool FlowControl { get; init; }
}
