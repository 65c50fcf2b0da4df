namespace Orleans.Inference.Grains.Contracts;

/// <summary>What a pool grain pushes on a tick: the load of all servers, and what else has changed since the frame before.</summary>
/// <remarks>
/// Immutable, one object for all subscribers. Load columns are whole, so a lost frame that changed nothing else costs nothing; a lost
/// one that did is noticed by the next (<see cref="FromVersion"/>) or by the renewal of the subscription.
/// </remarks>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.PoolFrame")]
public sealed class PoolFrame
{
    /// <summary>Which activation of the pool grain made it; versions of different epochs can't be compared.</summary>
    [Id(0)]
    public required Guid Epoch { get; init; }

    /// <summary>Grows by one with each frame of an epoch: a late frame is known by it.</summary>
    [Id(1)]
    public required long Sequence { get; init; }

    /// <summary>The version that a receiver must have to apply the changes.</summary>
    [Id(2)]
    public required long FromVersion { get; init; }

    /// <summary>The version after the changes: one more than <see cref="FromVersion"/>, or the same where nothing but load changed.</summary>
    [Id(3)]
    public required long ToVersion { get; init; }

    /// <summary>The load columns, in the order of servers that <see cref="ToVersion"/> has.</summary>
    [Id(4)]
    public required LoadFrame Load { get; init; }

    /// <summary>Servers that came, went or changed labels, in order.</summary>
    [Id(5)]
    public MembershipOp[] Membership { get; init; } = [];

    /// <summary>Servers with other adapters.</summary>
    [Id(6)]
    public LoraChange[] Lora { get; init; } = [];

    /// <summary>Servers with another cache configuration.</summary>
    [Id(7)]
    public CacheChange[] Cache { get; init; } = [];

    /// <summary>What the pool says of itself, where that has changed; else null.</summary>
    [Id(8)]
    public PoolSpec? Spec { get; init; }

    /// <summary>The pool's policies, where they have changed; else null.</summary>
    [Id(9)]
    public PoolPolicySpec? Policies { get; init; }
}
