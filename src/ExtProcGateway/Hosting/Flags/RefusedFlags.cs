namespace Orleans.Inference.ExtProcGateway.Hosting.Flags;

/// <summary>Flags that the reference picker knows only to refuse them: it took the names of metrics by flag once. What they were by default is read still.</summary>
internal static class RefusedFlags
{
    public static IEnumerable<Flag> All { get; } =
    [
        MetricName("--total-queued-requests-metric", "vllm:num_requests_waiting"),
        MetricName("--total-running-requests-metric", "vllm:num_requests_running"),
        MetricName("--kv-cache-usage-percentage-metric", "vllm:kv_cache_usage_perc"),
        MetricName("--lora-info-metric", "vllm:lora_requests_info"),
        MetricName("--cache-info-metric", "vllm:cache_config_info"),
    ];

    /// <summary>Refused whatever it says, its default too, as the reference picker does it.</summary>
    private static Flag MetricName(string name, string defaultValue) => FlagOf.Text(
        name,
        defaultValue,
        "Metrics are named in the configuration (engineConfigs).",
        (values, _) => values.MetricNames.Add(name));
}
