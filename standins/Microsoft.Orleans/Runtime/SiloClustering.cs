using System.Net;

namespace Orleans.Runtime;

/// <summary>How a silo finds its cluster.</summary>
internal sealed class SiloClustering
{
    private string? _joinedName;

    private enum Mode
    {
        None,
        Development,
        InProcess,
    }

    private Mode Kind { get; init; }

    private Func<IPEndPoint?>? Primary { get; init; }

    /// <summary>Its ports are held, so that a second process finds them taken.</summary>
    public bool ReservesPorts => Kind == Mode.Development;

    public static SiloClustering Unconfigured() => new();

    /// <summary>With the silo at the given endpoint; null for a silo that is the primary one itself.</summary>
    public static SiloClustering WithPrimary(Func<IPEndPoint?> primary) => new() { Kind = Mode.Development, Primary = primary };

    /// <summary>With all silos of the same cluster id.</summary>
    public static SiloClustering InProcess() => new() { Kind = Mode.InProcess };

    public Cluster Join(SiloAddress silo, string clusterId)
    {
        var primary = Primary?.Invoke() ?? silo.Endpoint;
        _joinedName = Kind switch
        {
            Mode.InProcess => clusterId,
            Mode.Development => primary.ToString(),
            _ => throw new OrleansConfigurationException(
                "Clustering has not been configured. Configure it with one of the clustering providers, such as UseLocalhostClustering()."),
        };
        return Clusters.ForSilo(_joinedName, Kind == Mode.InProcess || primary.Equals(silo.Endpoint), silo);
    }

    public void Leave(Cluster cluster)
    {
        if (_joinedName is { } name)
        {
            Clusters.Forget(name, cluster);
        }
    }
}
