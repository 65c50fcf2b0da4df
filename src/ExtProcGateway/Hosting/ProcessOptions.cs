namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>All that a process (silo or gateway) is told by its flags.</summary>
/// <remarks>Both processes take the same flags; each uses what concerns it.</remarks>
public sealed class ProcessOptions
{
    /// <summary>Shortest time between two scrapes of a model server that can be asked for.</summary>
    public static readonly TimeSpan MinRefreshMetricsInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>The ext_proc front-end.</summary>
    public GatewayOptions Gateway { get; } = new();

    /// <summary>The cluster.</summary>
    public ClusterOptions Cluster { get; } = new();

    /// <summary>Where pools come from.</summary>
    public DiscoveryOptions Discovery { get; } = new();

    /// <summary>Logs, metrics, status page.</summary>
    public OperatorOptions Operator { get; } = new();

    /// <summary>Co-host the ext_proc front-end in the silo, <c>--gateway</c>.</summary>
    public bool CohostGateway { get; set; } = true;

    /// <summary>Time between two scrapes of a model server, <c>--refresh-metrics-interval</c>; at least <see cref="MinRefreshMetricsInterval"/>.</summary>
    public TimeSpan RefreshMetricsInterval { get; set; } = MinRefreshMetricsInterval;

    /// <summary>Read the model servers' metrics over HTTPS, <c>--model-server-metrics-scheme=https</c>.</summary>
    public bool ModelServerMetricsHttps { get; set; }

    /// <summary>Trust any certificate there, <c>--model-server-metrics-https-insecure-skip-verify</c>.</summary>
    public bool ModelServerMetricsInsecureSkipVerify { get; set; } = true;

    /// <summary>Path of the model servers' metrics, <c>--model-server-metrics-path</c>.</summary>
    public string ModelServerMetricsPath { get; set; } = "/metrics";

    /// <summary>Port of the model servers' metrics, <c>--model-server-metrics-port</c>; 0 means the port that serves the model.</summary>
    public int ModelServerMetricsPort { get; set; }

    /// <summary>Ask a model server only for the metric families that are read, where it can, <c>--filtered-scrape=auto</c>.</summary>
    public bool FilteredScrape { get; set; } = true;
}
