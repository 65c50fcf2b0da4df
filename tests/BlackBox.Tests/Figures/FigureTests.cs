using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Figures;

/// <summary>What the page of metrics says of requests in flight and of the prefix index, by the real process.</summary>
public sealed class FigureTests(FigurePicker picker) : IClassFixture<FigurePicker>
{
    [Fact]
    public async Task PrefixIndex_ALookUp_IsCountedByThePluginThatLooked()
    {
        var before = await picker.ReadMetricsAsync();
        using var first = Open();
        await SendAsync(first, picker.Servers[0], "", 'c');
        await picker.AwaitMetricAsync(before.Sum("llm_d_epp_prefix_indexer_size", Plugin) + 2, "llm_d_epp_prefix_indexer_size", Plugin);
        using var second = Open();
        await SendAsync(second, picker.Servers[0], "", 'c');

        // 400 letters are 100 tokens: a block of 64 and one of 36, which counts as one of 64.
        var after = await picker.ReadMetricsAsync();
        Assert.Equal(before.Sum("llm_d_epp_prefix_indexer_hit_ratio_count", Plugin) + 2, after.Sum("llm_d_epp_prefix_indexer_hit_ratio_count", Plugin));
        Assert.Equal(before.Sum("llm_d_epp_prefix_indexer_hit_ratio_sum", Plugin) + 1, after.Sum("llm_d_epp_prefix_indexer_hit_ratio_sum", Plugin));
        Assert.Equal(before.Sum("llm_d_epp_prefix_indexer_hit_bytes_sum", Plugin) + 512, after.Sum("llm_d_epp_prefix_indexer_hit_bytes_sum", Plugin));
        Assert.Equal(after.Sum("llm_d_epp_prefix_indexer_size"), after.Sum("inference_extension_prefix_indexer_size"));
        Assert.Equal(after.Sum("llm_d_epp_prefix_indexer_hit_bytes_sum"), after.Sum("inference_extension_prefix_indexer_hit_bytes_sum"));
        Assert.Equal(after.Sum("llm_d_epp_prefix_indexer_hit_ratio_count"), after.Sum("inference_extension_prefix_indexer_hit_ratio_count"));
    }

    private static (string, string)[] Plugin => [("plugin_name", "cached"), ("plugin_type", "approx-prefix-cache-producer")];

    private ExtProcExchange Open() => picker.ClientOf(FigurePicker.Service).Open();

    private static Task<PickedRequest> SendAsync(ExtProcExchange exchange, string server, string fairnessId, char letter) => exchange.SendRequestAsync(
        $$"""{"model":"m","prompt":"{{new string(letter, 400)}}"}""",
        ExtProcExchange.Headers(Exchanges.Completions, "POST", ("test-epp-endpoint-selection", server), ("x-llm-d-inference-fairness-id", fairnessId)));
}
