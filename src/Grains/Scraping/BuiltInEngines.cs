namespace Orleans.Inference.Grains.Scraping;

/// <summary>The engines that are known without configuration.</summary>
internal static class BuiltInEngines
{
    public static readonly EngineMapping Vllm = new(
        "vllm",
        [
            new(MetricField.Queued, "vllm:num_requests_waiting"),
            new(MetricField.Running, "vllm:num_requests_running"),
            new(MetricField.KvUsage, "vllm:kv_cache_usage_perc"),
            new(MetricField.KvUsage, "vllm:gpu_cache_usage_perc"), // its name in older versions
            new(MetricField.Lora, "vllm:lora_requests_info"),
            new(MetricField.CacheInfo, "vllm:cache_config_info"),
        ]);

    public static readonly EngineMapping Sglang = new(
        "sglang",
        [
            new(MetricField.Queued, "sglang:num_queue_reqs"),
            new(MetricField.Running, "sglang:num_running_reqs"),
            new(MetricField.KvUsage, "sglang:token_usage"),
            new(MetricField.CacheInfo, "sglang:cache_config_info"),
        ],
        cacheBlockSizeLabel: "page_size",
        cacheBlockCountLabel: "num_pages");

    public static readonly EngineMapping TrtllmServe = new(
        "trtllm-serve",
        [
            new(MetricField.Queued, "trtllm_num_requests_waiting"),
            new(MetricField.Running, "trtllm_num_requests_running"),
            new(MetricField.KvUsage, "trtllm_kv_cache_utilization"),
            new(MetricField.CacheBlockSize, "trtllm_kv_cache_tokens_per_block"),
            new(MetricField.CacheBlockCount, "trtllm_kv_cache_max_blocks"),
        ]);

    public static readonly EngineMapping TritonTensorRtLlm = new(
        "triton-tensorrt-llm",
        [
            new(MetricField.Queued, "nv_trt_llm_request_metrics{request_type=waiting}"),
            new(MetricField.Running, "nv_trt_llm_request_metrics{request_type=scheduled}"),
            new(MetricField.KvUsage, "nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type=fraction}"),
            new(MetricField.CacheBlockSize, "nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type=tokens_per}"),
            new(MetricField.CacheBlockCount, "nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type=max}"),
        ]);

    public static readonly EngineMapping Triton = new(
        "triton",
        [
            new(MetricField.Queued, "nv_inference_pending_request_count"),
            new(MetricField.Running, "nv_inference_exec_count"),
        ]);

    public static IReadOnlyList<EngineMapping> All { get; } = [Vllm, Sglang, TrtllmServe, TritonTensorRtLlm, Triton];

    /// <summary>The engine of that name, or null.</summary>
    public static EngineMapping? Find(string name)
    {
        foreach (var engine in All)
        {
            if (engine.Name == name)
            {
                return engine;
            }
        }

        return null;
    }
}
