using Envoy.Service.ExtProc.V3;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;
using static Orleans.Inference.BlackBox.Tests.Support.GrpcMessages;

namespace Orleans.Inference.BlackBox.Tests.Configured;

/// <summary>Responses of gRPC messages: their usage is counted, and not a byte of them changes.</summary>
public sealed class GrpcUsageTests(ConfiguredPicker picker) : IClassFixture<ConfiguredPicker>
{
    private const string Generate = "/vllm.grpc.engine.VllmEngine/Generate";
    private const string Embed = "/vllm.grpc.engine.VllmEngine/Embed";
    private const string ChatCompletions = "/google.cloud.aiplatform.v1.PredictionService/ChatCompletions";
    private const string Usage = """{"model":"served","usage":{"prompt_tokens":7,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4}}}""";

    private static readonly byte[] Prompt = Frame(Field(1, "request-1"u8), Field(3, "a prompt"u8));
    private static readonly byte[] Complete = Frame(Field(2, Join(Field(1, "ab"u8), Field(2, "stop"u8), Field(3, 7), Field(4, 2), Field(5, 4))));

    private readonly ExtProcClient _client = picker.ClientOf(ConfiguredPicker.Service);

    [Fact]
    public async Task VllmComplete_InOnePiece_IsCounted() => Assert.Equal(new(7, 2, 4, 0), await CountAsync(Generate, Prompt, Complete));

    [Fact]
    public async Task VllmComplete_CutAnywhere_IsCounted()
    {
        for (var cut = 1; cut < Complete.Length; cut++)
        {
            Assert.Equal(new(7, 2, 4, 0), await CountAsync(Generate, Prompt, Complete[..cut], Complete[cut..]));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task VllmChunks_InPieces_AreCounted(bool inOne)
    {
        byte[][] frames = [Chunk("a", 7, 1, 4), Chunk("b", 7, 1, 4), Frame(Field(2, Join(Field(1, "b"u8), Field(2, "stop"u8), Field(3, 7), Field(4, 1), Field(5, 4))))];

        Assert.Equal(new(7, 2, 4, 1), await CountAsync(Generate, Frame(Field(3, "a prompt"u8), Field(5, 1)), inOne ? [Join(frames)] : frames));
    }

    [Fact]
    public async Task VllmMessage_ThatIsCompressed_IsPassedOn()
    {
        var compressed = Complete.ToArray();
        compressed[0] = 1;

        Assert.Equal(new(0, 0, 0, 0), await CountAsync(Generate, Prompt, compressed));
    }

    [Fact]
    public async Task VllmEmbedding_IsCounted() =>
        Assert.Equal(new(7, 0, 0, 0), await CountAsync(Embed, Frame(Field(2, Field(2, "ab"u8))), Frame(Field(1, new byte[4096]), Field(2, 7), Field(3, 1024))));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Vertex_OfARewrittenRequest_IsCountedAndStaysAsItIs(bool stream)
    {
        var answer = HttpBody(Usage);
        for (var cut = 1; cut < answer.Length; cut += 3)
        {
            Assert.Equal(new(7, 2, 4, stream ? 1 : 0), await CountAsync(ChatCompletions, Chat(stream), answer[..cut], answer[cut..]));
        }
    }

    [Fact]
    public async Task Vertex_InSeveralMessages_IsCounted()
    {
        byte[] answer = [.. HttpBody("""{"model":"served"}"""), .. HttpBody(Usage), .. HttpBody("{}")];

        Assert.Equal(new(7, 2, 4, 1), await CountAsync(ChatCompletions, Chat(stream: true), answer));
    }

    [Fact]
    public async Task Vertex_OfEvents_IsCounted() =>
        Assert.Equal(
            new(7, 2, 4, 1),
            await CountAsync(ChatCompletions, Chat(stream: true), HttpBody("data: {\"model\":\"served\"}\n\nda"), HttpBody("ta: " + Usage + "\n\n"), HttpBody("data: [DONE]\n\n")));

    private static byte[] Chunk(string ids, uint prompt, uint completion, uint cached) =>
        Frame(Field(1, Join(Field(1, Exchanges.Utf8(ids)), Field(2, prompt), Field(3, completion), Field(4, cached))));

    private static byte[] HttpBody(string data) => Frame(Field(1, "application/json"u8), Field(2, Exchanges.Utf8(data)));

    private static byte[] Chat(bool stream)
    {
        var json = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":" + (stream ? "true}" : "false}");
        return Frame(Field(1, "projects/p/endpoints/e"u8), Field(2, Field(2, Exchanges.Utf8(json))));
    }

    /// <summary>Serves a request, the response of which must come as it is and end with trailers; what it adds to the metrics.</summary>
    private async Task<Counted> CountAsync(string path, byte[] request, params byte[][] pieces)
    {
        var before = await ReadAsync();
        using (var exchange = _client.Open())
        {
            await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers(path, "POST", ("x-llm-d-model-name-rewrite", "served")));
            await exchange.SendRequestBodyAsync(request, endOfStream: true);
            Assert.Equal(request, (await exchange.ReadManyAsync(2))[1].Piece().Body.ToByteArray());
            await exchange.SendResponseHeadersAsync(200, false, ("content-type", "application/grpc"));
            foreach (var piece in pieces)
            {
                await exchange.SendResponseBodyAsync(piece);
            }

            await exchange.SendResponseTrailersAsync(("grpc-status", "0"));
            await exchange.HalfCloseAsync();
            var answers = await exchange.ReadAllAsync();
            Assert.Equal(ProcessingResponse.ResponseOneofCase.ResponseTrailers, answers[^1].ResponseCase);
            Assert.Equal(Join(pieces), answers.Skip(1).SkipLast(1).SelectMany(answer => answer.Piece().Body));
        }

        var after = await ReadAsync();
        return new(after.Input - before.Input, after.Output - before.Output, after.Cached - before.Cached, after.Streamed - before.Streamed);
    }

    private async Task<Counted> ReadAsync()
    {
        var page = await picker.ReadMetricsAsync();
        return new(
            page.Sum("llm_d_epp_request_input_tokens_sum"),
            page.Sum("llm_d_epp_request_output_tokens_sum"),
            page.Sum("llm_d_epp_request_cached_tokens_sum"),
            page.Sum("llm_d_epp_request_streaming_tpot_seconds_count"));
    }

    /// <summary>Tokens, and requests that have a time for each token of a stream.</summary>
    private sealed record Counted(double Input, double Output, double Cached, double Streamed);
}
