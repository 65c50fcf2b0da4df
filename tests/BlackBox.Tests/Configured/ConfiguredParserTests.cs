using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;
using static Orleans.Inference.BlackBox.Tests.Support.GrpcMessages;

namespace Orleans.Inference.BlackBox.Tests.Configured;

/// <summary>Parsers that are on only where a configuration names them, and paths that none of them claims.</summary>
public sealed class ConfiguredParserTests(ConfiguredPicker picker) : IClassFixture<ConfiguredPicker>
{
    private const string VllmGenerate = "/vllm.grpc.engine.VllmEngine/Generate";
    private const string RawPredict = "/google.cloud.aiplatform.v1.PredictionService/RawPredict";
    private const string ChatCompletions = "/google.cloud.aiplatform.v1.PredictionService/ChatCompletions";
    private const string Chat = """{"model":"m","messages":[{"role":"user","content":"x"}]}""";

    private readonly ExtProcClient _client = picker.ClientOf(ConfiguredPicker.Service);

    [Theory]
    [InlineData("/opaque/path")]
    [InlineData("/v1/messages")]
    [InlineData("/inference/v1/generate")]
    [InlineData("/v1/generate")]
    public async Task Path_ThatNoParserClaims_IsRefused(string path)
    {
        Assert.Equal(
            new Refusal(400, $"inference error: BadRequest - no parser registered matching path suffix for: {path}"), await _client.RefuseAsync("{}", path));
    }

    [Fact]
    public async Task Path_ThatNoParserClaims_IsServedWithoutABody()
    {
        Assert.Contains((await _client.GetAsync()).SetHeader("x-gateway-destination-endpoint"), picker.Servers);
    }

    [Fact]
    public async Task OpenAi_IsReadAsByDefault()
    {
        Assert.Equal(Exchanges.Utf8(Exchanges.Prompt("m")), (await _client.PickAsync(Exchanges.Prompt("m"))).Body);
        Assert.Equal(400, (await _client.RefuseAsync("""{"prompt":"x"}""")).Status);
    }

    [Theory]
    [InlineData("/generate")]
    [InlineData("generate")]
    [InlineData("/generate?x=1")]
    public async Task SgLang_WithInputIds_IsForwardedAsItIs(string path)
    {
        const string Body = """{"input_ids":[0,4294967295],"extra_key":"salt","sampling_params":{"max_new_tokens":5}}""";

        Assert.Equal(Exchanges.Utf8(Body), (await _client.PickAsync(Body, path, ("x-llm-d-model-name-rewrite", "other"))).Body);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no JSON")]
    [InlineData("""{"text":"x"}""")]
    [InlineData("""{"input_ids":"x"}""")]
    [InlineData("""{"input_ids":[-1]}""")]
    [InlineData("""{"input_ids":[1.5]}""")]
    [InlineData("""{"input_ids":[4294967296]}""")]
    [InlineData("""{"input_ids":["a"]}""")]
    public async Task SgLang_WithoutInputIds_IsRefused(string body)
    {
        var refusal = await _client.RefuseAsync(body, "/generate");

        Assert.Equal(400, refusal.Status);
        Assert.StartsWith("inference error: BadRequest - ", refusal.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", new[] { """{"text":"x","meta_info":{"prompt_tokens":7,"completion_tokens":2,"cached_tokens":4}}""" })]
    [InlineData(
        "text/event-stream",
        new[]
        {
            "data: {\"meta_info\":{\"prompt_tokens\":70,\"completion_tokens\":1,\"cached_tokens\":40,\"finish_reason\":null}}\n\n",
            "data: {\"meta_info\":{\"prompt_tokens\":7,\"completion_tokens\":2,\"cached_tokens\":4,\"finish_reason\":{\"type\":\"stop\"}}}\n\ndata: [DONE]\n\n",
        })]
    public async Task SgLang_Usage_IsCounted(string contentType, string[] pieces)
    {
        var before = await UsageAsync();
        using (var exchange = _client.Open())
        {
            await exchange.SendRequestAsync("""{"input_ids":[1]}""", ExtProcExchange.Headers("/generate"));
            await exchange.SendResponseAsync(200, [("content-type", contentType)], pieces);
            await exchange.HalfCloseAsync();
            Assert.Null(await exchange.TryReadAsync());
        }

        var after = await UsageAsync();
        Assert.Equal((7, 2, 4), (after.Input - before.Input, after.Output - before.Output, after.Cached - before.Cached));
    }

    [Fact]
    public async Task VllmGrpc_WithInput_IsForwardedAsItIs()
    {
        var body = Frame(Field(1, "request-1"u8), Field(3, "a prompt"u8));

        Assert.Equal(body, await ForwardAsync(body, VllmGenerate));
    }

    [Theory]
    [InlineData(VllmGenerate)]
    [InlineData(RawPredict)]
    public async Task GrpcMessage_ThatIsCompressed_IsRefused(string path)
    {
        var body = Frame(Field(3, "a prompt"u8));
        body[0] = 1;

        Assert.Equal(400, await RefuseAsync(body, path));
    }

    [Theory]
    [InlineData(VllmGenerate)]
    [InlineData(RawPredict)]
    public async Task GrpcMessage_ThatIsCutShort_IsRefused(string path)
    {
        Assert.Equal(400, await RefuseAsync(Frame(Field(3, "a prompt"u8))[..^1], path));
        Assert.Equal(400, await RefuseAsync([0, 0, 0], path));
        Assert.Equal(400, await RefuseAsync([], path));
    }

    [Fact]
    public async Task VllmGrpc_OfAnotherMethod_IsForwardedAndTheStreamEnds()
    {
        using var exchange = _client.Open();
        var picked = await exchange.SendRequestAsync("anything", ExtProcExchange.Headers("/vllm.grpc.engine.VllmEngine/HealthCheck"));

        Assert.Equal("anything"u8.ToArray(), picked.Body);
        Assert.Null(await exchange.TryReadAsync());
    }

    [Fact]
    public async Task VertexAi_WithAnOpenAiBody_IsForwardedAsItIs()
    {
        var body = Frame(Field(1, "projects/p/endpoints/e"u8), Field(2, Join(Field(1, "application/json"u8), Field(2, Exchanges.Utf8(Chat)))));

        Assert.Equal(body, await ForwardAsync(body, ChatCompletions));
    }

    [Fact]
    public async Task VertexAi_WithoutAnOpenAiBody_IsRefused()
    {
        Assert.Equal(400, await RefuseAsync(Frame(Field(1, "projects/p/endpoints/e"u8)), ChatCompletions));
        Assert.Equal(400, await RefuseAsync(Frame(Field(2, Field(2, "no JSON"u8))), ChatCompletions));
        Assert.Equal(400, await RefuseAsync(Frame(Field(2, Field(2, "{\"model\":\"m\"}"u8))), ChatCompletions));
    }

    [Fact]
    public async Task Destinations_OfAPickerOfThree_AreListedBestFirstInHeaderAndMetadata()
    {
        await picker.AwaitMetricAsync(9, "llm_d_epp_per_endpoint_queue_size", ("name", "main"));

        var picked = await _client.PickAsync(Exchanges.Prompt("m"));

        Assert.Equal(picker.Servers.Take(3).Order(), picked.Destination!.Split(',').Order());
        Assert.Equal(picked.Destination, picked.MetadataDestination);
    }

    [Fact]
    public async Task Destinations_WithinASubset_AreThoseOfTheSubset()
    {
        using var exchange = _client.Open();
        exchange.Stream.Context = Exchanges.Context(
            "envoy.lb.subset_hint",
            "x-gateway-destination-endpoint-subset",
            Google.Protobuf.WellKnownTypes.Value.ForString(string.Join(',', picker.Servers.Skip(2))));

        var picked = await exchange.SendRequestAsync(Exchanges.Prompt("m"));

        Assert.Equal(picker.Servers.Skip(2).Order(), picked.Destination!.Split(',').Order());
    }

    [Fact]
    public async Task Destination_OfABodylessRequest_IsOne()
    {
        Assert.Contains((await _client.GetAsync()).SetHeader("x-gateway-destination-endpoint"), picker.Servers);
    }

    [Fact]
    public async Task ServedVerifier_TellsTheServedEndpoint()
    {
        Assert.Equal("192.0.2.1:80", await ServedAsync(Exchanges.Context("envoy.lb", "x-gateway-destination-endpoint-served", Google.Protobuf.WellKnownTypes.Value.ForString("192.0.2.1:80"))));
        Assert.Equal("fail: missing envoy lb metadata", await ServedAsync(new Envoy.Config.Core.V3.Metadata()));
        Assert.Equal(
            "fail: missing destination endpoint served metadata",
            await ServedAsync(Exchanges.Context("envoy.lb", "another", Google.Protobuf.WellKnownTypes.Value.ForString("x"))));
    }

    private async Task<string?> ServedAsync(Envoy.Config.Core.V3.Metadata context)
    {
        using var exchange = _client.Open();
        await exchange.SendRequestAsync(Exchanges.Prompt("m"));
        exchange.Stream.Context = context;
        await exchange.SendResponseHeadersAsync();
        return (await exchange.ReadAsync()).SetHeader("x-conformance-test-served-endpoint");
    }

    private async Task<byte[]> ForwardAsync(byte[] body, string path)
    {
        using var exchange = _client.Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers(path));
        await exchange.SendRequestBodyAsync(body, endOfStream: true);
        Assert.NotNull((await exchange.ReadAsync()).SetHeader("x-gateway-destination-endpoint"));
        return (await exchange.ReadAsync()).Piece().Body.ToByteArray();
    }

    private async Task<int> RefuseAsync(byte[] body, string path)
    {
        using var exchange = _client.Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers(path));
        await exchange.SendRequestBodyAsync(body, endOfStream: true);
        return Refusal.Of(await exchange.ReadAsync()).Status;
    }

    private async Task<(double Input, double Output, double Cached)> UsageAsync()
    {
        var page = await picker.ReadMetricsAsync();
        return (page.Sum("llm_d_epp_request_input_tokens_sum"), page.Sum("llm_d_epp_request_output_tokens_sum"), page.Sum("llm_d_epp_request_cached_tokens_sum"));
    }
}
