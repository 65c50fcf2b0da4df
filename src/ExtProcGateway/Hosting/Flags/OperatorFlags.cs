namespace Orleans.Inference.ExtProcGateway.Hosting.Flags;

/// <summary>The flags of logs, metrics and the status page.</summary>
internal static class OperatorFlags
{
    private const int DefaultVerbosity = 2;

    public static IEnumerable<Flag> All { get; } =
    [
        FlagOf.Port("--metrics-port", OperatorOptions.DefaultMetricsPort, "Port of /metrics.", (v, port) => v.Options.Operator.MetricsPort = port),
        FlagOf.Bool(
            "--metrics-endpoint-auth",
            true,
            "Ask for a token at /metrics; with --manifests none is asked for.",
            (v, on) => v.Options.Operator.MetricsEndpointAuth = on),
        FlagOf.Text(
            "--metrics-cert-dir",
            "",
            "Folder with tls.crt and tls.key: TLS at /metrics; read again when they change. Needs --metrics-endpoint-auth or --metrics-client-ca-file.",
            (v, text) => v.Options.Operator.MetricsCertDir = text.Length == 0 ? null : text),
        FlagOf.Text(
            "--metrics-client-ca-file",
            "",
            "CA of the clients that may read /metrics, which must show a certificate then; needs --metrics-cert-dir.",
            (v, text) => v.Options.Operator.MetricsClientCaFile = text.Length == 0 ? null : text),
        FlagOf.Bool(
            "--enable-pprof",
            true,
            "Say under /debug/pprof/ of the metrics port how to profile; there are no profiles of a Go process.",
            (v, on) => v.Options.Operator.EnablePprof = on),
        FlagOf.Duration(
            "--refresh-prometheus-metrics-interval",
            TimeSpan.FromSeconds(5),
            "Time between two updates of the pools' gauges at /metrics.",
            (v, time) => v.Options.Operator.RefreshPrometheusMetricsInterval = time),
        FlagOf.Bool("--enable-grpc-stream-metrics", false, "Metrics of every gRPC stream.", (v, on) => v.Options.Gateway.GrpcStreamMetrics = on),
        FlagOf.Bool(
            "--tracing",
            true,
            "Trace requests: pass the context on, and export spans where OTEL_TRACES_EXPORTER or OTEL_EXPORTER_OTLP_* ask for it.",
            (v, on) => v.Options.Gateway.Tracing = on),
        FlagOf.Port("--dashboard-port", OperatorOptions.DefaultDashboardPort, "Port of the operators' page; 0 means none.", (v, port) => v.Options.Operator.DashboardPort = port),
        FlagOf.Number(
            "--v",
            DefaultVerbosity,
            "How much is logged: 0 to 2 events, 3 and 4 details, 5 and more every step.",
            (v, level) => v.Options.Operator.LogLevel = LevelOf(level)) with { Aliases = ["-v"] },
        FlagOf.Checked("--zap-log-level", "", "Least level logged: debug, info, error, or a number as -v; overrides -v.", (v, text) => SetLogLevel(v.Options.Operator, text)),
        FlagOf.Checked("--zap-encoder", "", "Form of the log: console or json.", (v, text) => SetEncoder(v.Options.Operator, text)),
    ];

    /// <summary>klog's numbers: up to 2 is what always matters, 4 is for debugging, 5 traces every step.</summary>
    internal static LogLevel LevelOf(int verbosity) => verbosity switch
    {
        < 0 => LogLevel.Warning,
        < 3 => LogLevel.Information,
        < 5 => LogLevel.Debug,
        _ => LogLevel.Trace,
    };

    private static string? SetLogLevel(OperatorOptions options, string text)
    {
        LogLevel? level = text switch
        {
            "" => options.LogLevel,
            "debug" => LogLevel.Debug,
            "info" => LogLevel.Information,
            "warn" => LogLevel.Warning,
            "error" or "dpanic" or "panic" or "fatal" => LogLevel.Error,
            _ => int.TryParse(text, out var number) && number > 0 ? LevelOf(number) : null,
        };
        options.LogLevel = level ?? options.LogLevel;
        return level is null ? $"\"{text}\" is none of debug, info, error, nor a number above 0" : null;
    }

    private static string? SetEncoder(OperatorOptions options, string text)
    {
        options.JsonLog = text == "json";
        return text is "" or "json" or "console" ? null : $"\"{text}\" is neither console nor json";
    }
}
