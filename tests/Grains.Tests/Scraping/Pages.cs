using System.Globalization;
using System.Text;

namespace Orleans.Inference.Grains.Tests.Scraping;

/// <summary>Pages as engines write them.</summary>
internal static class Pages
{
    public const string Vllm = """
        # HELP vllm:num_requests_running Number of requests in model execution batches.
        # TYPE vllm:num_requests_running gauge
        vllm:num_requests_running{engine="0",model_name="m"} 7.0
        # HELP vllm:num_requests_waiting Number of requests waiting to be processed.
        # TYPE vllm:num_requests_waiting gauge
        vllm:num_requests_waiting{engine="0",model_name="m"} 3.0
        # HELP vllm:kv_cache_usage_perc KV-cache usage. 1 means 100 percent usage.
        # TYPE vllm:kv_cache_usage_perc gauge
        vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.25
        # TYPE vllm:lora_requests_info gauge
        vllm:lora_requests_info{max_lora="4",running_lora_adapters="b, a",waiting_lora_adapters=""} 1.7800000005e+09
        # TYPE vllm:cache_config_info gauge
        vllm:cache_config_info{block_size="16",cache_dtype="auto",num_cpu_blocks="None",num_gpu_blocks="19208"} 1.0

        """;

    public const string Sglang = """
        # TYPE sglang:num_running_reqs gauge
        sglang:num_running_reqs{model_name="m"} 11.0
        # TYPE sglang:num_queue_reqs gauge
        sglang:num_queue_reqs{model_name="m"} 5.0
        # TYPE sglang:token_usage gauge
        sglang:token_usage{model_name="m"} 0.28
        # TYPE sglang:cache_config_info gauge
        sglang:cache_config_info{num_pages="5000",page_size="64"} 1.0

        """;

    public const string Trtllm = """
        # TYPE trtllm_num_requests_running gauge
        trtllm_num_requests_running{engine_type="tensorrt"} 2
        # TYPE trtllm_num_requests_waiting gauge
        trtllm_num_requests_waiting{engine_type="tensorrt"} 9
        # TYPE trtllm_kv_cache_utilization gauge
        trtllm_kv_cache_utilization{engine_type="tensorrt"} 0.5
        # TYPE trtllm_kv_cache_tokens_per_block gauge
        trtllm_kv_cache_tokens_per_block{engine_type="tensorrt"} 32
        # TYPE trtllm_kv_cache_max_blocks gauge
        trtllm_kv_cache_max_blocks{engine_type="tensorrt"} 1024

        """;

    public const string TritonTensorRtLlm = """
        # TYPE nv_trt_llm_request_metrics gauge
        nv_trt_llm_request_metrics{model="m",request_type="context",version="1"} 99
        nv_trt_llm_request_metrics{model="m",request_type="scheduled",version="1"} 6
        nv_trt_llm_request_metrics{model="m",request_type="max",version="1"} 512
        nv_trt_llm_request_metrics{model="m",request_type="waiting",version="1"} 4
        # TYPE nv_trt_llm_kv_cache_block_metrics gauge
        nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="fraction",model="m",version="1"} 0.125
        nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="tokens_per",model="m",version="1"} 64
        nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="used",model="m",version="1"} 1
        nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="max",model="m",version="1"} 6239

        """;

    public const string Triton = """
        # TYPE nv_inference_exec_count counter
        nv_inference_exec_count{model="m",version="1"} 73
        # TYPE nv_inference_pending_request_count gauge
        nv_inference_pending_request_count{model="m",version="1"} 8

        """;

    /// <summary>A page with histograms before and after the wanted families, at least so many bytes long.</summary>
    public static byte[] WithHistograms(string wanted, int bytes)
    {
        var page = new StringBuilder();
        AppendHistograms(page, bytes / 2, "before");
        page.Append(wanted);
        AppendHistograms(page, bytes, "after");
        return Encoding.UTF8.GetBytes(page.ToString());
    }

    private static void AppendHistograms(StringBuilder page, int until, string infix)
    {
        for (var family = 0; page.Length < until; family++)
        {
            var name = $"vllm:num_requests_{infix}_{family}_seconds";
            page.Append(CultureInfo.InvariantCulture, $"# HELP {name} Histogram of \\n something.\n# TYPE {name} histogram\n");
            for (var bucket = 0; bucket < 20; bucket++)
            {
                page.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{engine=\"0\",le=\"{0.001 * (1 << bucket)}\",model_name=\"m\"}} {bucket * 1000}.0\n");
            }

            page.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{engine=\"0\",le=\"+Inf\",model_name=\"m\"}} 22000.0\n{name}_count{{engine=\"0\"}} 22000.0\n{name}_sum{{engine=\"0\"}} 8.123456e+06\n");
        }
    }
}
