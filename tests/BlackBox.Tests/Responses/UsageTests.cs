using System.Text;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Responses;

/// <summary>Token usage of responses, as the metrics tell it.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class UsageTests(DefaultPicker picker)
{
    private readonly ExtProcClient _client = picker.ClientOf(DefaultPicker.Main);

    [Theory]
    [InlineData("usage-openai", Exchanges.Completions, """{"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9,"prompt_tokens_details":{"cached_tokens":4}}}""", 7, 2, 4)]
    [InlineData("usage-strings", Exchanges.Completions, """{"usage":{"prompt_tokens":"7","completion_tokens":"2","total_tokens":"9"}}""", 7, 2, 0)]
    [InlineData("usage-no-total", Exchanges.Completions, """{"usage":{"prompt_tokens":7,"completion_tokens":2}}""", 7, 2, 0)]
    [InlineData("usage-responses", "/v1/responses", """{"usage":{"input_tokens":7,"output_tokens":2,"total_tokens":9,"input_tokens_details":{"cached_tokens":4}}}""", 7, 2, 4)]
    [InlineData("usage-spaced", Exchanges.Completions, "{ \"choices\" : [ ] ,\n \"usage\" : { \"prompt_tokens\" : 7 , \"completion_tokens\" : 2 } }", 7, 2, 0)]
    [InlineData("usage-nested", Exchanges.Completions, """{"choices":[{"usage":{"prompt_tokens":70}}],"usage":{"prompt_tokens":7,"completion_tokens":2}}""", 7, 2, 0)]
    [InlineData("usage-in-text", Exchanges.Completions, """{"text":"\"usage\":{\"prompt_tokens\":70}","usage":{"prompt_tokens":7,"completion_tokens":2}}""", 7, 2, 0)]
    [InlineData("usage-none", Exchanges.Completions, """{"choices":[]}""", 0, 0, 0)]
    [InlineData("usage-null", Exchanges.Completions, """{"usage":null}""", 0, 0, 0)]
    [InlineData("usage-broken", Exchanges.Completions, """{"usage":{"prompt_tokens":""", 0, 0, 0)]
    [InlineData("usage-no-json", Exchanges.Completions, "oops", 0, 0, 0)]
    [InlineData("usage-anthropic", "/v1/messages", """{"usage":{"input_tokens":7,"output_tokens":2}}""", 7, 2, 0)]
    [InlineData("usage-generate", "/inference/v1/generate", """{"usage":{"prompt_tokens":7,"completion_tokens":2}}""", 7, 2, 0)]
    public async Task Json_OfEveryApi_IsCounted(string model, string path, string response, int input, int output, int cached)
    {
        await ServeAsync(model, path, "application/json", "", response);

        await AssertUsageAsync(model, input, output, cached);
    }

    [Theory]
    [InlineData("usage-json-for-stream", "application/json", ",\"stream\":true", "")]
    [InlineData("usage-events-unasked", "text/event-stream", "", "data: ")]
    public async Task Usage_IsReadAsTheResponsesTypeSays(string model, string contentType, string more, string before)
    {
        var response = before + """{"choices":[],"usage":{"prompt_tokens":17,"completion_tokens":12}}""" + "\n\n";
        await ServeAsync(model, Exchanges.Completions, contentType, more, response[..30], response[30..]);

        await AssertUsageAsync(model, 17, 12, 0);
    }

    [Fact]
    public async Task Json_InPieces_IsCounted()
    {
        await ServeAsync(
            "usage-pieces", Exchanges.Completions, "application/json", "", [.. """{"usage":{"prompt_tokens":17,"completion_tokens":12}}""".Select(letter => letter.ToString())]);

        await AssertUsageAsync("usage-pieces", 17, 12, 0);
    }

    [Fact]
    public async Task Events_WithTheUsageInTheLast_AreCounted()
    {
        await ServeAsync(
            "usage-events",
            Exchanges.Completions,
            "text/event-stream",
            ",\"stream\":true",
            "data: {\"choices\":[{\"text\":\"usage\"}],\"usage\":null}\n\n",
            "data: {\"choices\":[{\"text\":\"b\"}]}\n\n",
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2,\"total_tokens\":9,\"prompt_tokens_details\":{\"cached_tokens\":4}}}\n\ndata: [DONE]\n\n");

        await AssertUsageAsync("usage-events", 7, 2, 4);
    }

    [Theory]
    [InlineData("usage-cut-lf", "\n")]
    [InlineData("usage-cut-crlf", "\r\n")]
    public async Task Events_CutAnywhere_AreCounted(string model, string newline)
    {
        var stream = $"data: {{\"choices\":[]}}{newline}{newline}data: {{\"usage\":{{\"prompt_tokens\":7,\"completion_tokens\":2}}}}{newline}{newline}data: [DONE]{newline}{newline}";
        for (var cut = 1; cut < stream.Length; cut++)
        {
            await ServeAsync(model, Exchanges.Completions, "text/event-stream", "", stream[..cut], stream[cut..]);
        }

        await AssertUsageAsync(model, 7 * (stream.Length - 1), 2 * (stream.Length - 1), 0);
    }

    [Fact]
    public async Task Events_OfTheResponsesApi_AreCounted()
    {
        await ServeAsync(
            "usage-response-completed",
            "/v1/responses",
            "text/event-stream",
            ",\"stream\":true",
            "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"usage\":null}}\n\n",
            "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":7,\"output_tokens\":2,\"total_tokens\":9,\"input_tokens_details\":{\"cached_tokens\":4}}}}\n\n");

        await AssertUsageAsync("usage-response-completed", 7, 2, 4);
    }

    [Fact]
    public async Task Events_OfAnthropic_AreCounted()
    {
        await ServeAsync(
            "usage-anthropic-events",
            "/v1/messages",
            "text/event-stream",
            ",\"stream\":true",
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":7,\"cache_read_input_tokens\":4,\"output_tokens\":1}}}\n\n",
            "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"output_tokens\":2}}\n\n",
            "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");

        await AssertUsageAsync("usage-anthropic-events", 7, 2, 4);
    }

    [Fact]
    public async Task Usage_OfOpaqueRequests_IsNotCounted()
    {
        var before = (await picker.ReadMetricsAsync()).Sum("llm_d_epp_request_input_tokens_count");
        using (var exchange = _client.Open())
        {
            await exchange.SendRequestAsync("{}", ExtProcExchange.Headers(Exchanges.Opaque));
            await exchange.SendResponseAsync(200, [("content-type", "application/json")], """{"usage":{"prompt_tokens":7,"completion_tokens":2}}""");
            await exchange.HalfCloseAsync();
            Assert.Null(await exchange.TryReadAsync());
        }

        Assert.Equal(before, (await picker.ReadMetricsAsync()).Sum("llm_d_epp_request_input_tokens_count"));
    }

    [Fact]
    public async Task Request_InTheMidst_IsRunning()
    {
        using var exchange = _client.Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.SendRequestBodyAsync(Exchanges.Utf8(Exchanges.Prompt("running")), endOfStream: true);
        await exchange.ReadManyAsync(2);
        await picker.AwaitMetricAsync(1, "llm_d_epp_request_running", ("model_name", "running"));
        await picker.AwaitMetricAsync(1, "inference_objective_running_requests", ("model_name", "running"));

        exchange.Reset();

        await picker.AwaitMetricAsync(0, "llm_d_epp_request_running", ("model_name", "running"));
        await picker.AwaitMetricAsync(0, "inference_objective_running_requests", ("model_name", "running"));
    }

    [Fact]
    public async Task Request_ThatIsServed_HasItsSizesAndTimesCounted()
    {
        const string Model = "measured";
        const string First = "data: {\"choices\":[1]}\n\n";
        const string Second = "data: {\"choices\":[2],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}\n\n";
        var body = "{\"model\":\"" + Model + "\",\"prompt\":\"hello\",\"stream\":true}";
        using (var exchange = _client.Open())
        {
            await exchange.SendRequestAsync(body);
            await exchange.SendResponseAsync(200, [("content-type", "text/event-stream")], First, Second);
            await exchange.HalfCloseAsync();
            Assert.Null(await exchange.TryReadAsync());
        }

        await picker.AwaitMetricAsync(1, "llm_d_epp_request_duration_seconds_count", ("model_name", Model));
        var page = await picker.ReadMetricsAsync();
        Assert.Equal(1, page.Sum("llm_d_epp_request_total", ("model_name", Model)));
        Assert.Equal(1, page.Sum("inference_objective_request_total", ("model_name", Model), ("target_model_name", Model)));
        Assert.Equal(body.Length, page.Sum("llm_d_epp_request_size_bytes_sum", ("model_name", Model)));
        Assert.Equal(body.Length, page.Sum("inference_objective_request_sizes_sum", ("model_name", Model)));
        Assert.Equal(First.Length + Second.Length, page.Sum("llm_d_epp_response_size_bytes_sum", ("model_name", Model)));
        Assert.Equal(1, page.Sum("llm_d_epp_request_ttft_seconds_count", ("model_name", Model), ("streaming", "true")));
        Assert.Equal(1, page.Sum("llm_d_epp_request_streaming_tpot_seconds_count", ("model_name", Model)));
        Assert.Equal(1, page.Sum("llm_d_epp_request_ntpot_seconds_count", ("model_name", Model)));
        Assert.True(page.Sum("llm_d_epp_request_streaming_itl_seconds_count", ("model_name", Model)) >= 1);
    }

    private async Task ServeAsync(string model, string path, string contentType, string more, params string[] pieces)
    {
        using var exchange = _client.Open();
        var body = $$"""{"model":"{{model}}","prompt":"x","input":"x","token_ids":[1],"messages":[{"role":"user","content":"x"}]{{more}}}""";
        var picked = await exchange.SendRequestAsync(body, ExtProcExchange.Headers(path));
        Assert.Null(picked.Immediate);
        var response = await exchange.SendResponseAsync(200, [("content-type", contentType)], pieces);
        Assert.Equal(string.Concat(pieces), Encoding.UTF8.GetString(response.Body));
        await exchange.HalfCloseAsync();
        Assert.Null(await exchange.TryReadAsync());
    }

    private async Task AssertUsageAsync(string model, int input, int output, int cached)
    {
        // What a request has used is counted before its stream ends.
        var page = await picker.ReadMetricsAsync();
        Assert.Equal(
            (input, output, cached),
            (page.Sum("llm_d_epp_request_input_tokens_sum", ("model_name", model)),
            page.Sum("llm_d_epp_request_output_tokens_sum", ("model_name", model)),
            page.Sum("llm_d_epp_request_cached_tokens_sum", ("model_name", model))));
        Assert.Equal(
            (input, output, cached),
            (page.Sum("inference_objective_input_tokens_sum", ("model_name", model)),
            page.Sum("inference_objective_output_tokens_sum", ("model_name", model)),
            page.Sum("inference_objective_prompt_cached_tokens_sum", ("model_name", model))));
    }
}
