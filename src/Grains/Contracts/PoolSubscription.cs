namespace Orleans.Inference.Grains.Contracts;

/// <summary>The answer to a subscriber.</summary>
/// <remarks>Immutable.</remarks>
/// <param name="State">What to do.</param>
/// <param name="Snapshot">The snapshot where <paramref name="State"/> says so, else null.</param>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.PoolSubscription")]
public sealed record PoolSubscription([property: Id(0)] PoolSubscriptionState State, [property: Id(1)] PoolSnapshot? Snapshot);
