using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.Requests;
using static Orleans.Inference.ExtProcGateway.Tests.Requests.GrpcBodies;

namespace Orleans.Inference.ExtProcGateway.Tests.Requests;

/// <summary>Field numbers are those of <c>google/cloud/aiplatform/v1beta1/prediction_service.proto</c> and <c>google/api/httpbody.proto</c>.</summary>
public sealed class VertexAiBodyTests
{
    private const string Chat = """{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true,"max_tokens":7,"cache_salt":"abc"}""";

    private static readonly RequestRoutes Routes = new([ParserTypes.VertexAi], new ModelNames(), NullLogger.Instance);

    private static ParsedRequest Parse(byte[] body, string method = "ChatCompletions")
    {
        var route = Routes.Resolve(Encoding.ASCII.GetBytes("/google.cloud.aiplatform.v1beta1.PredictionService/" + method));
        Assert.NotNull(route);
        Assert.False(route.NeedsModel);
        Assert.False(route.SkipsResponse);
        return route.Parse(new ReadOnlySequence<byte>(body));
    }

    private static byte[] Request(string json) =>
        Frame(Message(Text(1, "projects/p/endpoints/e"), Bytes(2, Message(Text(1, "application/json"), Bytes(2, Encoding.UTF8.GetBytes(json))))));

    [Fact]
    public void Parse_ChatCompletions_ReadsTheJsonWithin()
    {
        var body = Request(Chat);
        var parsed = Parse(body);

        Assert.Null(parsed.Error);
        Assert.Equal("m", parsed.Model);
        Assert.False(parsed.CanEditModel);
        Assert.True(parsed.Stream);
        Assert.Equal(7, parsed.MaxOutputTokens);
        Assert.Equal("\"abc\"", Encoding.UTF8.GetString(body.AsSpan((int)parsed.CacheSaltOffset, parsed.CacheSaltLength)));
    }

    [Theory]
    [InlineData("RawPredict")]
    [InlineData("StreamRawPredict")]
    public void Parse_RawPredict_IsReadAsResponses(string method)
    {
        Assert.Null(Parse(Request("""{"input":"hi"}"""), method).Error);
        Assert.Equal("invalid responses request: must have input field", Parse(Request(Chat), method).Error);
    }

    [Fact]
    public void Parse_SeveralBodies_TheLastCounts()
    {
        var message = Message(Bytes(2, Message(Bytes(2, "no json"u8.ToArray()))), Bytes(2, Message(Bytes(2, Encoding.UTF8.GetBytes(Chat)))), Bytes(2, Message(Text(1, "type"))));

        Assert.Equal("m", Parse(Frame(message)).Model);
    }

    [Fact]
    public void Parse_NoOpenAiBody_IsRefused()
    {
        Assert.StartsWith("error unmarshaling request bodyMap: ", Parse(Request("no json")).Error, StringComparison.Ordinal);
        Assert.StartsWith("error unmarshaling request bodyMap: ", Parse(Frame(Message(Bytes(2, [])))).Error, StringComparison.Ordinal);
        Assert.Equal("invalid chat completions request: must have valid messages field", Parse(Request("{}")).Error);
        Assert.Equal("invalid request message: must have http_body field", Parse(Frame(Message(Text(1, "endpoint")))).Error);
        Assert.Equal("error unmarshaling request message", Parse(Frame([0xff])).Error);
        Assert.Equal("error unmarshaling HttpBody", Parse(Frame(Message(Bytes(2, [0xff])))).Error);
        Assert.Equal("unsupported gRPC payload: the message is compressed", Parse(Frame([], flag: 1)).Error);
    }
}
