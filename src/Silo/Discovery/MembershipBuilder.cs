using System.Collections.Immutable;
using System.Globalization;
using Orleans.Inference.Grains.Contracts;

namespace Orleans.Inference.Silo.Discovery;

/// <summary>From pools, pods and policies to the model servers and policies of each pool; the rules are the reference picker's (its pod reconciler).</summary>
internal static class MembershipBuilder
{
    private const string EngineLabel = "llm-d.ai/engine-type";
    private const string OlderEngineLabel = "inference.networking.k8s.io/engine-type";

    /// <summary>Every pool in scope with all its model servers and policies, ordered by name; servers in the order of their pods' names and ranks.</summary>
    public static ImmutableArray<PoolMembership> Build(ClusterObjects objects, MembershipScope scope)
    {
        var pods = objects.Pods.Where(IsServing).ToLookup(pod => pod.Namespace, StringComparer.Ordinal);
        var policies = PolicyRules.Current(objects.Policies).ToLookup(policy => (policy.Namespace, policy.Pool.Name));
        return [.. PoolsInScope(objects, scope).Select(pool => PoolMembership.Create(
            pool.Spec,
            ServersOf(pool, pods[pool.Spec.Namespace]),
            scope.Standalone is null ? PolicyBuilder.Build(policies[(pool.Spec.Namespace, pool.Spec.Name)], pool.Spec) : PoolPolicySpec.None))];
    }

    private static IEnumerable<PoolObject> PoolsInScope(ClusterObjects objects, MembershipScope scope)
    {
        if (scope.Standalone is { } standalone)
        {
            return [standalone];
        }

        return objects.Pools
            .Where(pool => scope.PoolName is null || (pool.Spec.Name == scope.PoolName && pool.Spec.Namespace == scope.PoolNamespace))
            .GroupBy(pool => pool.Spec.Key, StringComparer.Ordinal)
            .OrderBy(pools => pools.Key, StringComparer.Ordinal)
            .Select(pools => pools.OrderBy(pool => pool.Spec.Group != scope.PoolGroup).ThenBy(pool => pool.Spec.Group, StringComparer.Ordinal).First());
    }

    /// <summary>A ready pod without an address has nothing to send requests to.</summary>
    private static bool IsServing(PodObject pod) => pod is { Ready: true, Deleting: false, Ip: not null };

    private static ImmutableArray<ModelServerSpec> ServersOf(PoolObject pool, IEnumerable<PodObject> pods)
    {
        var servers = ImmutableArray.CreateBuilder<ModelServerSpec>();
        foreach (var pod in pods.Where(pod => pool.Selector.Matches(pod.Labels)).OrderBy(pod => pod.Name, StringComparer.Ordinal))
        {
            if (!PodAddress.TryParse(pod.Ip, out var ip))
            {
                continue;
            }

            var active = ActivePorts.Of(pod);
            for (var rank = 0; rank < pool.Spec.TargetPorts.Length; rank++)
            {
                var port = pool.Spec.TargetPorts[rank];
                if (active is null || active.Contains(port))
                {
                    servers.Add(ServerOf(pod, ip, rank, port));
                }
            }
        }

        return servers.ToImmutable();
    }

    private static ModelServerSpec ServerOf(PodObject pod, string ip, int rank, int port) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{pod.Namespace}/{pod.Name}-rank-{rank}"),
        Ip = ip,
        Port = port,
        Labels = pod.Labels,
        Engine = pod.Labels.GetValueOrDefault(EngineLabel) ?? pod.Labels.GetValueOrDefault(OlderEngineLabel),
    };
}
