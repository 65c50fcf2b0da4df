using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.Grains.Contracts;

namespace Orleans.Inference.Silo.Discovery;

/// <summary>An InferencePool as it was written, of either version.</summary>
/// <remarks>Immutable.</remarks>
/// <param name="Spec">What it says of itself.</param>
/// <param name="Selector">Its pods, of those in its namespace.</param>
internal sealed record PoolObject(PoolSpec Spec, LabelSelector Selector);
