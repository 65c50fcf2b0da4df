using System.Collections.Immutable;

namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>What one file holds: its objects, and where each is written.</summary>
/// <remarks>Immutable.</remarks>
internal sealed record ManifestContent(
    ImmutableArray<Placed<PoolObject>> Pools,
    ImmutableArray<Placed<PodObject>> Pods,
    ImmutableArray<Placed<PolicyObject>> Policies)
{
    public static readonly ManifestContent Empty = new([], [], []);
}
