namespace Orleans.Inference.ExtProcGateway.Hosting.Flags;

/// <summary>The flags of the cluster.</summary>
internal static class ClusterFlags
{
    public static IEnumerable<Flag> All { get; } =
    [
        FlagOf.Checked("--clustering", "localhost", "Where the membership of the cluster is kept: localhost, redis or kubernetes.", (v, text) => SetClustering(v.Options.Cluster, text)),
        FlagOf.Text("--cluster-id", new ClusterOptions().ClusterId, "Silos with the same id form one cluster.", (v, text) => v.Options.Cluster.ClusterId = text),
        FlagOf.Text("--service-id", new ClusterOptions().ServiceId, "Stays the same when a cluster is replaced by another.", (v, text) => v.Options.Cluster.ServiceId = text),
        FlagOf.Port("--silo-port", ClusterOptions.DefaultSiloPort, "Orleans' port between silos.", (v, port) => v.Options.Cluster.SiloPort = port),
        FlagOf.Port("--orleans-gateway-port", ClusterOptions.DefaultOrleansGatewayPort, "Orleans' port from clients to silos.", (v, port) => v.Options.Cluster.OrleansGatewayPort = port),
        FlagOf.Text("--redis", "", "Connection string of Redis, for --clustering=redis.", (v, text) => v.Options.Cluster.Redis = text.Length == 0 ? null : text),
        FlagOf.Bool("--gateway", true, "Co-host the ext_proc front-end in the silo.", (v, on) => v.Options.CohostGateway = on),
    ];

    private static string? SetClustering(ClusterOptions options, string text)
    {
        ClusteringKind? kind = text switch
        {
            "localhost" => ClusteringKind.Localhost,
            "redis" => ClusteringKind.Redis,
            "kubernetes" => ClusteringKind.Kubernetes,
            _ => null,
        };
        options.Clustering = kind ?? options.Clustering;
        return kind is null ? $"\"{text}\" is none of localhost, redis, kubernetes" : null;
    }
}
