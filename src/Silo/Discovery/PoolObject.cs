using System.Collections.Immutable;
using Orleans.Inference.Grains.Contracts;

namespace Orleans.Inference.Silo.Discovery;

/// <summary>An InferencePool as it was written, of either version.</summary>
/// <remarks>Immutable.</remarks>
/// <param name="Spec">What it says of itself.</param>
/// <param name="Selector">Labels that a pod of the pool has, all of them.</param>
internal sealed record PoolObject(PoolSpec Spec, ImmutableArray<KeyValuePair<string, string>> Selector);
