namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>How processes find each other and form one cluster.</summary>
public sealed class ClusterOptions
{
    /// <summary>Port between silos when none is named.</summary>
    public const int DefaultSiloPort = 11111;

    /// <summary>Port from clients to silos when none is named.</summary>
    public const int DefaultOrleansGatewayPort = 30000;

    /// <summary>Where the membership of the cluster is kept, <c>--clustering</c>.</summary>
    public ClusteringKind Clustering { get; set; } = ClusteringKind.Localhost;

    /// <summary>Silos with the same id form one cluster, <c>--cluster-id</c>.</summary>
    public string ClusterId { get; set; } = "orleans-inference";

    /// <summary>Stays the same when clusters are replaced, <c>--service-id</c>.</summary>
    public string ServiceId { get; set; } = "orleans-inference";

    /// <summary>Port between silos, <c>--silo-port</c>.</summary>
    public int SiloPort { get; set; } = DefaultSiloPort;

    /// <summary>Port from clients to silos, <c>--orleans-gateway-port</c>.</summary>
    public int OrleansGatewayPort { get; set; } = DefaultOrleansGatewayPort;

    /// <summary>Connection string of Redis, <c>--redis</c>; null without one.</summary>
    public string? Redis { get; set; }
}
