using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Micro.Scraping;

/// <summary>Reading one page of a vLLM server: the whole page, and what a filtered scrape gives.</summary>
[MemoryDiagnoser]
public class MetricsPageBenchmarks
{
    private readonly MetricsPage _page = new(BuiltInEngines.Vllm);
    private readonly ServerFigures _figures = new(BuiltInEngines.Vllm);
    private byte[] _text = [];

    /// <summary>KiB of histograms around the wanted families.</summary>
    [Params(0, 50, 200)]
    public int HistogramKilobytes { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        const string Labels = "{engine=\"0\",model_name=\"base-model\"}";
        var text = new StringBuilder();
        AppendHistograms(text, HistogramKilobytes * 512);
        foreach (var (name, value) in new[] { ("num_requests_running", "7.0"), ("num_requests_waiting", "3.0"), ("kv_cache_usage_perc", "0.25") })
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP vllm:{name} A figure.\n# TYPE vllm:{name} gauge\nvllm:{name}{Labels} {value}\n");
        }

        text.Append("vllm:lora_requests_info{max_lora=\"4\",running_lora_adapters=\"adapter-1\",waiting_lora_adapters=\"\"} 1.7800000005e+09\n");
        text.Append("vllm:cache_config_info{block_size=\"16\",cache_dtype=\"auto\",calculate_kv_scales=\"False\",enable_prefix_caching=\"True\",engine=\"0\",gpu_memory_utilization=\"0.9\",num_cpu_blocks=\"None\",num_gpu_blocks=\"19208\"} 1.0\n");
        AppendHistograms(text, HistogramKilobytes * 1024);
        _text = Encoding.UTF8.GetBytes(text.ToString());
        if (Read() != 5)
        {
            throw new InvalidOperationException("the page was not understood");
        }
    }

    /// <returns>How many fields the page gave.</returns>
    [Benchmark]
    public int Read()
    {
        _page.Begin();
        _page.Read(_text, last: true);
        return _figures.Apply(_page).Applied;
    }

    private static void AppendHistograms(StringBuilder text, int until)
    {
        for (var line = 0; text.Length < until; line++)
        {
            text.Append(CultureInfo.InvariantCulture, $"vllm:request_time_{line / 20}_seconds_bucket{{engine=\"0\",le=\"{0.001 * (1 << (line % 20))}\",model_name=\"base-model\"}} {line}.0\n");
        }
    }
}
