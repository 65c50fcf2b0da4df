using System.Globalization;
using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Simulator.ModelServer.Metrics;

/// <summary>vLLM's families, in its order, with its names, labels, types and bucket bounds.</summary>
internal static class MetricsPage
{
    /// <summary>Writes the page. Called within the lock of the server's <see cref="EngineDriver"/>.</summary>
    public static void Write(MetricsText text, SimulatedServer server, BatchEngine engine)
    {
        var labels = $"engine=\"0\",model_name=\"{MetricValue.Escape(server.Options.Model)}\"";
        var created = server.Started.ToUnixTimeMilliseconds() / 1000.0;
        PythonPage.Write(text, created);
        WriteState(text, labels, engine);
        WriteCounters(text, labels, created, engine.Statistics);
        WriteHistograms(text, labels, created, engine.Statistics);
        WriteCacheConfig(text, engine.Options);
        if (server.Lora is { } lora)
        {
            WriteLora(text, lora, engine.Options.AdapterSlots);
        }

        PythonPage.WriteHttp(text, created, engine.Statistics);
    }

    private static void WriteState(MetricsText text, string labels, BatchEngine engine)
    {
        text.Gauge("vllm:num_requests_running", "Number of requests in model execution batches.", labels, engine.RunningCount);
        text.Gauge("vllm:num_requests_waiting", "Number of requests waiting to be processed.", labels, engine.WaitingCount);
        text.Family("vllm:engine_sleep_state", "Engine sleep state; awake = 0 means engine is sleeping; awake = 1 means engine is awake.", "gauge");
        foreach (var (state, value) in (ReadOnlySpan<(string, int)>)[("awake", 1), ("weights_offloaded", 0), ("discard_all", 0)])
        {
            text.Sample($"{labels},sleep_state=\"{state}\"", value);
        }

        text.Gauge("vllm:kv_cache_usage_perc", "KV-cache usage. 1 means 100 percent usage.", labels, engine.KvUsage);
    }

    private static void WriteCounters(MetricsText text, string labels, double created, EngineStatistics statistics)
    {
        text.Counter("vllm:prefix_cache_queries", "Prefix cache queries, in terms of number of queried tokens.", created, (labels, statistics.PrefixQueries));
        text.Counter("vllm:prefix_cache_hits", "Prefix cache hits, in terms of number of cached tokens.", created, (labels, statistics.PrefixHits));
        text.Counter("vllm:external_prefix_cache_queries", "External prefix cache queries from KV connector cross-instance cache sharing.", created, (labels, 0));
        text.Counter("vllm:external_prefix_cache_hits", "External prefix cache hits from KV connector cross-instance cache sharing.", created, (labels, 0));
        text.Counter("vllm:mm_cache_queries", "Multi-modal cache queries, in terms of number of queried items.", created, (labels, 0));
        text.Counter("vllm:mm_cache_hits", "Multi-modal cache hits, in terms of number of cached items.", created, (labels, 0));
        text.Counter("vllm:num_preemptions", "Cumulative number of preemption from the engine.", created, (labels, statistics.Preemptions));
        text.Counter("vllm:prompt_tokens", "Number of prefill tokens processed.", created, (labels, statistics.PromptTokens));
        text.Counter("vllm:generation_tokens", "Number of generation tokens processed.", created, (labels, statistics.GenerationTokens));
        text.Counter(
            "vllm:request_success", "Count of successfully processed requests.", created,
            (labels + ",finished_reason=\"stop\"", statistics.Stopped),
            (labels + ",finished_reason=\"length\"", statistics.ReachedLength),
            (labels + ",finished_reason=\"abort\"", statistics.Aborted),
            (labels + ",finished_reason=\"error\"", 0));
    }

    private static void WriteHistograms(MetricsText text, string labels, double created, EngineStatistics statistics)
    {
        text.Histogram("vllm:request_prompt_tokens", "Number of prefill tokens processed.", created, labels, statistics.RequestPromptTokens);
        text.Histogram("vllm:request_generation_tokens", "Number of generation tokens processed.", created, labels, statistics.RequestGenerationTokens);
        text.Histogram("vllm:iteration_tokens_total", "Histogram of number of tokens per engine_step.", created, labels, statistics.IterationTokens);
        text.Histogram(
            "vllm:request_max_num_generation_tokens", "Histogram of maximum number of requested generation tokens.", created, labels,
            statistics.RequestGenerationTokens);
        text.Histogram("vllm:time_to_first_token_seconds", "Histogram of time to first token in seconds.", created, labels, statistics.TimeToFirstToken);
        text.Histogram("vllm:inter_token_latency_seconds", "Histogram of inter-token latency in seconds.", created, labels, statistics.InterTokenLatency);
        text.Histogram(
            "vllm:request_time_per_output_token_seconds", "Histogram of time_per_output_token_seconds per request.", created, labels,
            statistics.TimePerOutputToken);
        text.Histogram("vllm:e2e_request_latency_seconds", "Histogram of e2e request latency in seconds.", created, labels, statistics.EndToEnd);
        text.Histogram("vllm:request_queue_time_seconds", "Histogram of time spent in WAITING phase for request.", created, labels, statistics.QueueTime);
        text.Histogram("vllm:request_inference_time_seconds", "Histogram of time spent in RUNNING phase for request.", created, labels, statistics.InferenceTime);
        text.Histogram("vllm:request_prefill_time_seconds", "Histogram of time spent in PREFILL phase for request.", created, labels, statistics.PrefillTime);
        text.Histogram("vllm:request_decode_time_seconds", "Histogram of time spent in DECODE phase for request.", created, labels, statistics.DecodeTime);
    }

    private static void WriteCacheConfig(MetricsText text, EngineOptions options)
    {
        text.Gauge(
            "vllm:cache_config_info", "Information of the LLMEngine CacheConfig",
            string.Create(
                CultureInfo.InvariantCulture,
                $"block_size=\"{options.BlockSize}\",cache_dtype=\"auto\",calculate_kv_scales=\"False\",cpu_offload_gb=\"0.0\","
                + $"enable_prefix_caching=\"{options.PrefixCaching}\",engine=\"0\",gpu_memory_utilization=\"0.9\",is_attention_free=\"False\","
                + $"num_cpu_blocks=\"None\",num_gpu_blocks=\"{options.BlockCount}\",num_gpu_blocks_override=\"None\","
                + $"prefix_caching_hash_algo=\"sha256\",sliding_window=\"None\",swap_space=\"4.0\""),
            1);
    }

    private static void WriteLora(MetricsText text, LoraGauge lora, int slots)
    {
        text.Family("vllm:lora_requests_info", "Running stats on lora requests.", "gauge");
        foreach (var (running, waiting, value) in lora.Series)
        {
            text.Sample(
                $"max_lora=\"{slots}\",running_lora_adapters=\"{MetricValue.Escape(running)}\",waiting_lora_adapters=\"{MetricValue.Escape(waiting)}\"",
                value);
        }
    }
}
