using System.Globalization;
using System.Text.RegularExpressions;
using Orleans.Inference.Picking.Configuration.Values;

namespace Orleans.Inference.ExtProcGateway.Hosting.Flags;

/// <summary>The checks of all flags together, in the reference picker's order and with its words where it has them.</summary>
internal static partial class FlagChecks
{
    private const int MaxTargetPorts = 8;

    public static void Run(FlagValues values, List<string> faults, List<string> warnings)
    {
        var options = values.Options;
        CheckPool(values, faults, warnings);
        if (options.Gateway is { ConfigFile: not null, ConfigText: not null })
        {
            faults.Add("--config-file and --config-text: only one of the two can be set");
        }

        CheckMetricsServer(values, faults);
        foreach (var flag in values.MetricNames)
        {
            faults.Add($"flag \"{flag.TrimStart('-')}\" is deprecated and cannot be used; configure metrics via engineConfigs in the configuration");
        }

        CheckMessageSizes(values, faults);
        if (options.RefreshMetricsInterval < ProcessOptions.MinRefreshMetricsInterval)
        {
            warnings.Add($"--refresh-metrics-interval: {GoDuration.Format(options.RefreshMetricsInterval)} is less than the least, {GoDuration.Format(ProcessOptions.MinRefreshMetricsInterval)}, which is taken");
            options.RefreshMetricsInterval = ProcessOptions.MinRefreshMetricsInterval;
        }

        options.Gateway.ScrapeInterval = options.RefreshMetricsInterval;

        if (options.Operator.RefreshPrometheusMetricsInterval == TimeSpan.Zero)
        {
            faults.Add("--refresh-prometheus-metrics-interval: must be more than 0");
        }

        CheckPorts(options, faults);
        if (options.Cluster.Clustering != ClusteringKind.Localhost)
        {
            faults.Add($"--clustering: {options.Cluster.Clustering.ToString().ToLowerInvariant()} is not available in this version; only localhost is");
        }
    }

    /// <summary>The deployment's name in a pod's: <c>NAME-REPLICASET-POD</c>; null where <paramref name="podName"/> is no such name.</summary>
    internal static string? DeploymentOf(string? podName)
    {
        var match = PodNamePattern().Match(podName ?? "");
        return match.Success ? match.Groups[1].Value : null;
    }

    private static void CheckPool(FlagValues values, List<string> faults, List<string> warnings)
    {
        var ports = values.Options.Discovery.EndpointTargetPorts.Length;
        if (!values.EndpointSelectorGiven)
        {
            if (ports > 0)
            {
                warnings.Add("--endpoint-target-ports means nothing without --endpoint-selector");
            }

            return;
        }

        if (values.Options.Gateway.PoolName is not null)
        {
            faults.Add("either pool-name or endpoint-selector must be set, not both");
        }

        if ((ports is 0 or > MaxTargetPorts) && !faults.Any(fault => fault.StartsWith("--endpoint-target-ports:", StringComparison.Ordinal)))
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"--endpoint-target-ports: with --endpoint-selector 1 to {MaxTargetPorts} ports must be set, not {ports}"));
        }
    }

    private static void CheckMetricsServer(FlagValues values, List<string> faults)
    {
        var server = values.Options.Operator;
        if (server.MetricsClientCaFile is not null && server.MetricsCertDir is null)
        {
            faults.Add("--metrics-client-ca-file needs --metrics-cert-dir");
        }

        if (server.MetricsCertDir is not null && !server.MetricsEndpointAuth && server.MetricsClientCaFile is null)
        {
            faults.Add("--metrics-cert-dir needs --metrics-endpoint-auth or --metrics-client-ca-file");
        }
    }

    private static void CheckMessageSizes(FlagValues values, List<string> faults)
    {
        if (values.MaxReceiveMessageSize is < 0 or > int.MaxValue)
        {
            faults.Add($"--grpc-max-recv-msg-size: must be 0 to {int.MaxValue} bytes");
        }
        else if (values.MaxReceiveMessageSize > 0)
        {
            values.Options.Gateway.MaxReceiveMessageSize = (int)values.MaxReceiveMessageSize;
        }

        if (values.MaxSendMessageSize < 0)
        {
            faults.Add("--grpc-max-send-msg-size: must not be negative");
        }
        else if (values.MaxSendMessageSize > 0)
        {
            values.Options.Gateway.MaxSendMessageSize = (int)Math.Min(int.MaxValue, values.MaxSendMessageSize);
        }

        if (values.MaxRequestBodySize <= 0)
        {
            faults.Add("--max-request-body-size: must be at least 1Ki");
        }

        if (values.Options.Gateway.MaxHeldBytes < 0)
        {
            faults.Add("--max-held-bytes: must not be negative");
        }

        values.Options.Gateway.MaxRequestBodySize = values.MaxRequestBodySize ?? values.Options.Gateway.MaxRequestBodySize;
    }

    private static void CheckPorts(ProcessOptions options, List<string> faults)
    {
        var owners = new Dictionary<int, string>();
        Check("--grpc-port", options.Gateway.GrpcPort);
        Check("--grpc-health-port", options.Gateway.HealthPort);
        Check("--metrics-port", options.Operator.MetricsPort);
        Check("--dashboard-port", options.Operator.DashboardPort);
        Check("--silo-port", options.Cluster.SiloPort);
        Check("--orleans-gateway-port", options.Cluster.OrleansGatewayPort);
        foreach (var (pool, port) in options.Gateway.Listen)
        {
            Check($"--listen {pool}", port);
        }

        void Check(string flag, int port)
        {
            // 0 takes a free port, or none.
            if (port != 0 && !owners.TryAdd(port, flag))
            {
                faults.Add($"{owners[port]} and {flag} are the same port, {port}");
            }
        }
    }

    [GeneratedRegex("^(.+)-[a-z0-9]+-[a-z0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex PodNamePattern();
}
