using System.Collections.Concurrent;
using System.Net;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>Every cluster of this process, by what its members call it.</summary>
internal static class Clusters
{
    private static readonly ConcurrentDictionary<string, Cluster> ByName = new();
    private static readonly ConcurrentDictionary<IPEndPoint, Cluster> ByGateway = new();

    /// <summary>The cluster that a silo forms or joins.</summary>
    public static Cluster ForSilo(string name, bool mayForm, SiloAddress silo)
    {
        if (mayForm)
        {
            return ByName.GetOrAdd(name, _ => new Cluster());
        }

        return ByName.TryGetValue(name, out var cluster)
            ? cluster
            : throw new OrleansConfigurationException(
                $"Silo {silo} is to join the primary silo at {name}, which is not in this process. {NeedsPackages}");
    }

    public static Cluster ForClient(string? name, IReadOnlyList<IPEndPoint> gateways)
    {
        if (name is not null && ByName.TryGetValue(name, out var cluster))
        {
            return cluster;
        }

        foreach (var gateway in gateways)
        {
            if (ByGateway.TryGetValue(gateway, out var found))
            {
                return found;
            }
        }

        throw new OrleansConfigurationException(
            $"There is no silo of the cluster ({name ?? string.Join(", ", gateways)}) in this process to connect to. {NeedsPackages}");
    }

    public static void AddGateway(IPEndPoint gateway, Cluster cluster) => ByGateway[gateway] = cluster;

    public static void RemoveGateway(IPEndPoint gateway) => ByGateway.TryRemove(gateway, out _);

    public static void Forget(string name, Cluster cluster)
    {
        if (cluster.ActiveSilos.Count == 0)
        {
            ByName.TryRemove(new(name, cluster));
        }
    }

    private const string NeedsPackages =
        "This build has the stand-in for Orleans, whose silos and clients live in one process: a cluster of several processes needs the "
        + "official Microsoft.Orleans packages (see docs/dependencies.md).";
}
