using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Figures;

/// <summary>What the page of metrics says of requests in flight and of the prefix index, by the real process.</summary>
public sealed class FigureTests(FigurePicker picker) : IClassFixture<FigurePicker>
{
    private const string Requests = "llm_d_epp_inflight_requests";
    private const string Tokens = "llm_d_epp_inflight_tokens";

    [Fact]
    public async Task InFlight_OfAServer_IsCountedByFairnessIdFromThePickToTheEnd()
    {
        using var exchange = Open();
        var picked = await SendAsync(exchange, picker.Servers[0], "tenant", 'a');
        Assert.Equal(picker.Servers[0], picked.Destination);
        var page = await picker.ReadMetricsAsync();
        Assert.Equal(1, page.Sum(Requests, Labels("stays-0", "tenant")));

        // 400 letters are 100 tokens, which fill up two blocks of 64.
        Assert.Equal(128, page.Sum(Tokens, Labels("stays-0", "tenant")));

        // The first piece of the response gives the tokens back, its end the request.
        await exchange.SendResponseHeadersAsync();
        await exchange.ReadAsync();
        await exchange.SendResponseBodyAsync(Exchanges.Utf8("{\"a\":"));
        await picker.AwaitMetricAsync(0, Tokens, Labels("stays-0", "tenant"));
        Assert.Equal(1, (await picker.ReadMetricsAsync()).Sum(Requests, Labels("stays-0", "tenant")));
        await exchange.SendResponseBodyAsync(Exchanges.Utf8("1}"), endOfStream: true);
        await picker.AwaitMetricAsync(0, Requests, Labels("stays-0", "tenant"));
        Assert.Contains("fairness_id=\"tenant\"", await picker.Picker.ReadMetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task InFlight_OfAServerThatLeaves_IsGoneWithIt()
    {
        using var exchange = Open();
        await SendAsync(exchange, picker.Servers[1], "leaver", 'b');
        Assert.Equal(1, (await picker.ReadMetricsAsync()).Sum(Requests, Labels("leaves-0", "leaver")));

        picker.Manifests.DeletePod("leaves-0", "ns");

        await Bounds.UntilAsync(
            async () => !(await picker.Picker.ReadMetricsAsync()).Contains("endpoint_name=\"leaves-0\",namespace=\"ns\",producer_name", StringComparison.Ordinal),
            "the server's series are gone");
    }

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

    private static (string, string)[] Labels(string pod, string fairnessId) =>
        [("endpoint_name", pod), ("namespace", "ns"), ("producer_name", "inflight-load-producer"), ("fairness_id", fairnessId), ("priority", "0")];

    private ExtProcExchange Open() => picker.ClientOf(FigurePicker.Service).Open();

    private static Task<PickedRequest> SendAsync(ExtProcExchange exchange, string server, string fairnessId, char letter) => exchange.SendRequestAsync(
        $$"""{"model":"m","prompt":"{{new string(letter, 400)}}"}""",
        ExtProcExchange.Headers(Exchanges.Completions, "POST", ("test-epp-endpoint-selection", server), ("x-llm-d-inference-fairness-id", fairnessId)));
}
