using System.Net;

namespace Orleans.Runtime;

/// <summary>How a client finds its cluster: by its gateways, or by the cluster's id.</summary>
internal sealed class ClientClustering(IReadOnlyList<IPEndPoint>? gateways)
{
    public Cluster Find(string clusterId) => gateways is null ? Clusters.ForClient(clusterId, []) : Clusters.ForClient(null, gateways);
}
