using System.Collections.Immutable;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Silo.Discovery.Manifests;

namespace Orleans.Inference.Silo.Discovery;

/// <summary>Which policy objects count, for which pool, and in what order; the rules are the reference picker's where nothing else is said.</summary>
internal static class PolicyRules
{
    /// <summary>Those that count, the oldest first; of the same age, in the order they were found.</summary>
    public static ImmutableArray<PolicyObject> Current(ImmutableArray<PolicyObject> policies) =>
        [.. policies.Except(Superseded(policies)).OrderBy(policy => policy.Created)];

    /// <summary>
    /// Those of the older API group where their namespace has objects of that kind in the newer one, which don't count. The reference picker goes by which kinds the
    /// API server knows, which files don't say; and it is by namespace, so that one team's move to the newer group takes nothing from another.
    /// </summary>
    public static IEnumerable<PolicyObject> Superseded(ImmutableArray<PolicyObject> policies)
    {
        var moved = policies.Where(policy => policy.Group == PolicyReader.LlmdGroup).Select(policy => (policy.Kind, policy.Namespace)).ToHashSet();
        return policies.Where(policy => policy.Group != PolicyReader.LlmdGroup && moved.Contains((policy.Kind, policy.Namespace)));
    }

    /// <summary>True where <paramref name="policy"/> is for <paramref name="pool"/>: same namespace, name and API group.</summary>
    /// <remarks>
    /// An InferenceModel may name the older group for a pool of either: that is its default, and there is no InferenceModel of the newer group that a pool could have taken along.
    /// </remarks>
    public static bool IsFor(PolicyObject policy, PoolSpec pool) =>
        policy.Namespace == pool.Namespace
        && policy.Pool.Name == pool.Name
        && (policy.Pool.Group == pool.Group || (policy is ModelObject && policy.Pool.Group == PoolReader.GroupV1Alpha2));
}
