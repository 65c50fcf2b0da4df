using System.Buffers;
using Orleans.Inference.ExtProcGateway.Requests;
using static Orleans.Inference.ExtProcGateway.Tests.Requests.GrpcBodies;

namespace Orleans.Inference.ExtProcGateway.Tests.Requests;

/// <summary>Field numbers are those of vLLM's <c>vllm_engine.proto</c>.</summary>
public sealed class VllmGrpcBodyTests
{
    private static readonly byte[] Tokenized = Message(Text(1, "the text"), Packed(2, 1, 200, uint.MaxValue));

    private static ParsedRequest Generate(byte[] body) => new VllmGrpcBody(embed: false).Parse(new ReadOnlySequence<byte>(body));

    private static ParsedRequest Embed(byte[] body) => new VllmGrpcBody(embed: true).Parse(new ReadOnlySequence<byte>(body));

    [Fact]
    public void Parse_GenerateRequest_HasStreamAndLimitAndNoModel()
    {
        var sampling = Message(Single(1, 0.7f), Number(3, 40), Number(8, 256), Text(10, "stop"), Double(99, 1));
        var parsed = Generate(Frame(Message(Text(1, "id"), Bytes(2, Tokenized), Bytes(4, sampling), Number(5, 1))));

        Assert.Null(parsed.Error);
        Assert.True(parsed.Stream);
        Assert.Equal(256, parsed.MaxOutputTokens);
        Assert.Equal("", parsed.Model);
        Assert.False(parsed.CanEditModel);
    }

    [Fact]
    public void Parse_TextAndNothingElse_IsAccepted()
    {
        var parsed = Generate(Frame(Message(Text(3, "hello"))));

        Assert.Null(parsed.Error);
        Assert.False(parsed.Stream);
        Assert.Null(parsed.MaxOutputTokens);
    }

    [Fact]
    public void Parse_MaxTokensOfZero_IsALimit() => Assert.Equal(0, Generate(Frame(Message(Text(3, "hello"), Bytes(4, Message(Number(8, 0)))))).MaxOutputTokens);

    [Fact]
    public void Parse_NoInput_IsRefused()
    {
        Assert.Equal("invalid GenerateRequest: must have text or tokenized input", Generate(Frame(Message(Text(1, "id")))).Error);
        Assert.Equal("invalid GenerateRequest: must have text or tokenized input", Generate(Frame([])).Error);
        Assert.Equal("invalid EmbedRequest: must have tokenized input", Embed(Frame(Message(Text(3, "no field of this message")))).Error);
    }

    [Fact]
    public void Parse_EmbedRequest_IsAccepted() => Assert.Null(Embed(Frame(Message(Text(1, "id"), Bytes(2, Tokenized)))).Error);

    [Fact]
    public void Parse_IdsOneByOne_AreAccepted() => Assert.Null(Generate(Frame(Message(Bytes(2, Message(Number(2, 7), Number(2, 8)))))).Error);

    [Fact]
    public void Parse_BadFrame_IsRefused()
    {
        var message = Message(Bytes(2, Tokenized));

        Assert.Equal("unsupported gRPC payload: the message is compressed", Generate(Frame(message, flag: 1)).Error);
        Assert.Equal("invalid gRPC payload: the body is shorter than a frame's header", Generate([0, 0, 0, 0]).Error);
        Assert.Equal("invalid gRPC payload: the message is shorter than its frame says", Generate([0, 255, 255, 255, 255, 1]).Error);
        Assert.Null(Generate([.. Frame(message), 1, 2, 3]).Error);
    }

    [Fact]
    public void Parse_MalformedMessage_IsRefused()
    {
        byte[][] messages =
        [
            [0xff], // a tag that does not end
            [0x00, 0x00], // field 0
            [0x0b], // a group
            [0x12, 0x7f, 0x00], // longer than the message
            [0x12, 0x02, 0x12, 0x05], // the same within the tokenized input
            Message(Bytes(2, Message(Bytes(2, [0x80])))), // an id that does not end
            Message(Bytes(2, Message(Bytes(2, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])))), // an id of 11 bytes
            Message(Bytes(2, Tokenized), Bytes(4, [0x40])), // a limit that does not end
            [.. Message(Bytes(2, Tokenized)), 0x0d, 0x00], // four bytes of which one is there
        ];
        foreach (var message in messages)
        {
            Assert.Equal("error unmarshaling GenerateRequest", Generate(Frame(message)).Error);
        }

        Assert.Equal("error unmarshaling EmbedRequest", Embed(Frame([0xff])).Error);
    }

    [Theory]
    [InlineData("/vllm.grpc.engine.VllmEngine/Generate", true)]
    [InlineData("/vllm.grpc.engine.VllmEngine/Embed", true)]
    [InlineData("/vllm.grpc.engine.VllmEngine/HealthCheck", false)]
    public void Resolve_ServicesPaths_AreReadOrPassRaw(string path, bool reads)
    {
        var routes = new RequestRoutes([ParserTypes.VllmGrpc], new ModelNames(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var route = routes.Resolve(System.Text.Encoding.ASCII.GetBytes(path));

        Assert.NotNull(route);
        Assert.Equal(reads, route.ReadsBody);
        Assert.Equal(!reads, route.SkipsResponse);
        Assert.False(route.NeedsModel);
        Assert.Null(routes.Resolve("/other.Service/HealthCheck"u8));
    }
}
