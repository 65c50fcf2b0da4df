namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>Where the membership of the cluster is kept.</summary>
public enum ClusteringKind
{
    /// <summary>One silo on this machine.</summary>
    Localhost,

    /// <summary>In Redis.</summary>
    Redis,

    /// <summary>In objects of the Kubernetes API.</summary>
    Kubernetes,
}
