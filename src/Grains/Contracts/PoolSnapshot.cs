namespace Orleans.Inference.Grains.Contracts;

/// <summary>All that a pool grain knows at one version.</summary>
/// <remarks>Immutable; all columns have one entry for each server.</remarks>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.PoolSnapshot")]
public sealed class PoolSnapshot
{
    /// <summary>Which activation of the pool grain made it.</summary>
    [Id(0)]
    public required Guid Epoch { get; init; }

    /// <summary>The newest frame that is part of it.</summary>
    [Id(1)]
    public required long Sequence { get; init; }

    /// <summary>Its version: the <see cref="PoolFrame.FromVersion"/> of the next frame with changes.</summary>
    [Id(2)]
    public required long Version { get; init; }

    /// <summary>The pool.</summary>
    [Id(3)]
    public required PoolSpec Spec { get; init; }

    /// <summary>Its model servers.</summary>
    [Id(4)]
    public required ModelServerSpec[] Servers { get; init; }

    /// <summary>Their load.</summary>
    [Id(5)]
    public required LoadFrame Load { get; init; }

    /// <summary>Their adapters.</summary>
    [Id(6)]
    public required ModelServerLora[] Lora { get; init; }

    /// <summary>Their cache configurations.</summary>
    [Id(7)]
    public required ModelServerCache[] Cache { get; init; }

    /// <summary>How their newest scrapes ended. Not part of frames: routing goes by age.</summary>
    [Id(8)]
    public required ModelServerHealth[] Health { get; init; }

    /// <summary>What requests are worth and which models serve them; null reads as <see cref="PoolPolicySpec.None"/>.</summary>
    [Id(9)]
    public PoolPolicySpec? Policies { get; init; }
}
