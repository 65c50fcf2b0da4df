namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>What operators see of a process.</summary>
public sealed class OperatorOptions
{
    /// <summary>Port of <c>/metrics</c> when none is named.</summary>
    public const int DefaultMetricsPort = 9090;

    /// <summary>Port of the status page when none is named.</summary>
    public const int DefaultDashboardPort = 9080;

    /// <summary>Port of <c>/metrics</c>, <c>--metrics-port</c>; 0 takes a free one.</summary>
    public int MetricsPort { get; set; } = DefaultMetricsPort;

    /// <summary>Ask for a token at <c>/metrics</c>, <c>--metrics-endpoint-auth</c>; none is asked for with manifests as the source.</summary>
    public bool MetricsEndpointAuth { get; set; } = true;

    /// <summary>Folder with <c>tls.crt</c> and <c>tls.key</c> of the metrics port, <c>--metrics-cert-dir</c>; null serves plain HTTP.</summary>
    public string? MetricsCertDir { get; set; }

    /// <summary>CA whose clients alone may connect to the metrics port, <c>--metrics-client-ca-file</c>; null asks for no certificate.</summary>
    public string? MetricsClientCaFile { get; set; }

    /// <summary>Answer <c>/debug/pprof/</c> with what to use instead, <c>--enable-pprof</c>.</summary>
    public bool EnablePprof { get; set; } = true;

    /// <summary>Time between two updates of the pools' gauges at <c>/metrics</c>, <c>--refresh-prometheus-metrics-interval</c>; positive.</summary>
    public TimeSpan RefreshPrometheusMetricsInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Port of the status page, <c>--dashboard-port</c>; 0 means none.</summary>
    public int DashboardPort { get; set; } = DefaultDashboardPort;

    /// <summary>Least level that is logged, from <c>-v</c> or <c>--zap-log-level</c>.</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.Information;

    /// <summary>Log JSON, one object a line, <c>--zap-encoder=json</c>.</summary>
    public bool JsonLog { get; set; }
}
