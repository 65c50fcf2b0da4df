namespace Orleans.Inference.ExtProcGateway.Hosting.Flags;

/// <summary>Flags that are accepted, so that a deployment of the reference picker keeps its arguments, but do nothing yet.</summary>
internal static class InertFlags
{
    public static IEnumerable<Flag> All { get; } =
    [
        FlagOf.Inert(FlagKind.Duration, "--reserve-deadline", "2ms", "0", "Longest wait for a reservation; 0 decides locally always."),
        MetricName("--total-queued-requests-metric", "vllm:num_requests_waiting"),
        MetricName("--total-running-requests-metric", "vllm:num_requests_running"),
        MetricName("--kv-cache-usage-percentage-metric", "vllm:kv_cache_usage_perc"),
        MetricName("--lora-info-metric", "vllm:lora_requests_info"),
        MetricName("--cache-info-metric", "vllm:cache_config_info"),
        FlagOf.Inert(FlagKind.Bool, "--zap-devel", "true", "true", "Development defaults of the reference picker's log."),
        FlagOf.Inert(FlagKind.Text, "--zap-stacktrace-level", "", "", "Level from which the reference picker logs stack traces."),
        FlagOf.Inert(FlagKind.Text, "--zap-time-encoding", "", "", "Form of times in the reference picker's log."),
    ];

    /// <summary>The default says what is done anyway; any other value is refused, as the reference picker refuses it.</summary>
    private static Flag MetricName(string name, string defaultValue) => new()
    {
        Name = name,
        Kind = FlagKind.Text,
        Default = defaultValue,
        InertValue = defaultValue,
        Description = "No longer taken: metrics are named in the configuration (engineConfigs).",
        Apply = (values, text) =>
        {
            if (text != defaultValue)
            {
                values.MetricNames.Add((name, text));
            }

            return null;
        },
    };
}
