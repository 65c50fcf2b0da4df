using System.Collections.Immutable;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>What an ext_proc front-end is told by its flags; names and defaults are the reference picker's where it has them.</summary>
public sealed class GatewayOptions
{
    /// <summary>Port of ext_proc when none is named.</summary>
    public const int DefaultGrpcPort = 9002;

    /// <summary>Port of gRPC health when none is named.</summary>
    public const int DefaultHealthPort = 9003;

    /// <summary>Connections of the ext_proc ports at once when no number is named.</summary>
    public const int DefaultMaxConnections = 10_000;

    /// <summary>ext_proc streams at once when no number is named.</summary>
    public const int DefaultMaxStreams = 100_000;

    /// <summary>The pool served, <c>--pool-name</c>; null serves every pool that is found.</summary>
    public string? PoolName { get; set; }

    /// <summary>Namespace of <see cref="PoolName"/>, <c>--pool-namespace</c>.</summary>
    public string PoolNamespace { get; set; } = "default";

    /// <summary>API group of the pools, <c>--pool-group</c>.</summary>
    public string PoolGroup { get; set; } = "inference.networking.k8s.io";

    /// <summary>ext_proc port, <c>--grpc-port</c>; 0 takes a free one.</summary>
    public int GrpcPort { get; set; } = DefaultGrpcPort;

    /// <summary>gRPC health port, <c>--grpc-health-port</c>; 0 takes a free one.</summary>
    public int HealthPort { get; set; } = DefaultHealthPort;

    /// <summary>Also answer gRPC health on the ext_proc port, <c>--health-checking</c>.</summary>
    public bool HealthChecking { get; set; }

    /// <summary>
    /// Answer health as a replica of the reference picker does that takes part in an election, <c>--ha-enable-leader-election</c>: names that are unknown are told to be.
    /// Every replica is a leader here.
    /// </summary>
    public bool LeaderElection { get; set; }

    /// <summary>The <c>EndpointPickerConfig</c>, a file that is followed, <c>--config-file</c>; null for none.</summary>
    public string? ConfigFile { get; set; }

    /// <summary>The same in place, <c>--config-text</c>; null for none.</summary>
    public string? ConfigText { get; set; }

    /// <summary>Take plugins that the reference picker calls experimental, <c>--allow-experimental-plugins</c>.</summary>
    public bool AllowExperimentalPlugins { get; set; }

    /// <summary>Assemblies with plugins of third parties, <c>--plugin-assembly</c>.</summary>
    public ImmutableArray<string> PluginAssemblies { get; set; } = [];

    /// <summary>The types of plugins there are; null for those of the product.</summary>
    public PluginRegistry? Plugins { get; set; }

    /// <summary>The configuration to start with; null for the default one.</summary>
    public PickerConfiguration? Configuration { get; set; }

    /// <summary>What <see cref="ConfigFile"/> held when <see cref="Configuration"/> was made of it.</summary>
    internal string? ConfigFileText { get; set; }

    /// <summary>Types of the parsers of requests in use, in their order of precedence; a configuration that names parsers sets them.</summary>
    public ImmutableArray<string> Parsers { get; set; } = [.. ParserTypes.Default];

    /// <summary>Ports of pools that have one of their own, <c>--listen NAMESPACE/POOL=PORT</c>.</summary>
    public Dictionary<string, int> Listen { get; } = new(StringComparer.Ordinal);

    /// <summary>TLS on the ext_proc port, <c>--secure-serving</c>.</summary>
    public bool SecureServing { get; set; } = true;

    /// <summary>Folder with <c>tls.crt</c> and <c>tls.key</c>, <c>--cert-path</c>; null makes a self-signed certificate.</summary>
    public string? CertPath { get; set; }

    /// <summary>Read the certificate again when its files change, <c>--enable-cert-reload</c>.</summary>
    public bool EnableCertReload { get; set; }

    /// <summary>TLS versions and cipher suites.</summary>
    public TlsSettings Tls { get; } = new();

    /// <summary>Largest gRPC message taken, in bytes, <c>--grpc-max-recv-msg-size</c>.</summary>
    public int MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>Largest gRPC message sent, in bytes, <c>--grpc-max-send-msg-size</c>; a call with a larger answer ends with ResourceExhausted.</summary>
    public int MaxSendMessageSize { get; set; } = int.MaxValue;

    /// <summary>Largest request body buffered for one request, in bytes, <c>--max-request-body-size</c>; larger ones are refused with 413.</summary>
    /// <remarks>A prompt of a million tokens has 4 to 5 MB; images in a chat are what grows beyond.</remarks>
    public long MaxRequestBodySize { get; set; } = 32L * 1024 * 1024;

    /// <summary>
    /// Memory that may be held for requests until their bodies are whole, and for responses until they are, in bytes, over the whole process, <c>--max-held-bytes</c>; what goes beyond is
    /// refused with 503, or goes on at once. 0 means no limit.
    /// </summary>
    /// <remarks>A quarter of what the process may use leaves room for a second copy in the answers, and for the state of the pools.</remarks>
    public long MaxHeldBytes { get; set; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    /// <summary>Longest wait for the next piece of a request's body, <c>--body-timeout</c>, and ten times that for all of it; then the request is refused with 503.</summary>
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long streams in flight may go on after SIGTERM, <c>--drain-timeout</c>.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Age from which a server's figures count as stale, <c>--metrics-staleness-threshold</c>.</summary>
    public TimeSpan MetricsStalenessThreshold { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Time between two scrapes of a model server, <c>--refresh-metrics-interval</c>, for what is said of a configuration; null where another process alone knows.</summary>
    public TimeSpan? ScrapeInterval { get; set; }

    /// <summary>Ignore the proxy's subset of candidates, <c>--disable-endpoint-subset-filter</c>.</summary>
    public bool DisableEndpointSubsetFilter { get; set; }

    /// <summary>Tell the proxy the score of every candidate, <c>--emit-endpoint-scores</c>.</summary>
    public bool EmitEndpointScores { get; set; }

    /// <summary>Count and time every gRPC stream at <c>/metrics</c>, <c>--enable-grpc-stream-metrics</c>.</summary>
    public bool GrpcStreamMetrics { get; set; }

    /// <summary>Trace requests, <c>--tracing</c>; where spans go is said by the OTEL_ variables.</summary>
    public bool Tracing { get; set; } = true;

    /// <summary>ext_proc streams of the whole process at once, <c>--max-streams</c>; one more is refused with 503. 0 means no limit.</summary>
    /// <remarks>A stream that waits for its model server costs about half a KiB: the default bounds that to about 50 MiB.</remarks>
    public int MaxStreams { get; set; } = DefaultMaxStreams;

    /// <summary>Connections of the ext_proc ports at once, <c>--max-connections</c>; one more is closed at once. 0 means no limit.</summary>
    public int MaxConnections { get; set; } = DefaultMaxConnections;

    /// <summary>Seed of the picker's random ties; null takes one from the system.</summary>
    public int? Seed { get; set; }
}
