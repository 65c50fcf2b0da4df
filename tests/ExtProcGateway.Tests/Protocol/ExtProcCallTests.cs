using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Orleans.Inference.ExtProcGateway.Grpc;
using static Orleans.Inference.ExtProcGateway.Tests.Protocol.ExtProcFixture;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

public sealed class ExtProcCallTests : IDisposable
{
    private const string Server = "10.0.0.1:8000";
    private const string Completion = """{"model":"m","prompt":"hello"}""";

    private readonly ExtProcFixture _fixture = new(Server);

    public void Dispose() => _fixture.Dispose();

    private static string Header(HeaderMutation mutation, string key) =>
        Assert.Single(mutation.SetHeaders, h => h.Header.Key == key).Header.RawValue.ToStringUtf8();

    private static string MetadataOf(ProcessingResponse answer) =>
        answer.DynamicMetadata.Fields["envoy.lb"].StructValue.Fields["x-gateway-destination-endpoint"].StringValue;

    [Fact]
    public void FullDuplex_HeadersWithABodyToCome_AreNotAnsweredYet()
    {
        _fixture.Send(Headers());
        _fixture.Send(Body("""{"model":"m",""", end: false));

        Assert.Empty(_fixture.Answers);
    }

    [Fact]
    public void FullDuplex_WholeBody_AnswersHeadersThenBody()
    {
        _fixture.Send(Headers(more: ("x-request-id", "r1")));
        _fixture.Send(Body(Completion, end: false));
        _fixture.Send(Body("", end: true));

        Assert.Equal(2, _fixture.Answers.Count);
        var headers = _fixture.Answers[0];
        Assert.True(headers.RequestHeaders.Response.ClearRouteCache);
        Assert.Equal(Server, Header(headers.RequestHeaders.Response.HeaderMutation, "x-gateway-destination-endpoint"));
        Assert.Equal($"{Completion.Length}", Header(headers.RequestHeaders.Response.HeaderMutation, "Content-Length"));
        Assert.Equal("r1", Header(headers.RequestHeaders.Response.HeaderMutation, "x-request-id"));
        Assert.Equal(Server, MetadataOf(headers));
        var streamed = _fixture.Answers[1].RequestBody.Response.BodyMutation.StreamedResponse;
        Assert.Equal(Completion, streamed.Body.ToStringUtf8());
        Assert.True(streamed.EndOfStream);
        Assert.Null(_fixture.Call.Status);
    }

    [Fact]
    public void FullDuplex_NoRequestId_GivesOne()
    {
        _fixture.Send(Headers());
        _fixture.Send(Body(Completion));

        Assert.True(Guid.TryParse(Header(_fixture.Answers[0].RequestHeaders.Response.HeaderMutation, "x-request-id"), out _));
    }

    [Theory]
    [InlineData(62_000, 1)]
    [InlineData(62_001, 2)]
    [InlineData(125_000, 3)]
    public void FullDuplex_LargeBody_ComesBackInPieces(int size, int pieces)
    {
        var body = """{"model":"m","prompt":"x"}""";
        body = body.Replace("x", new string('x', size - body.Length + 1), StringComparison.Ordinal);
        _fixture.Send(Headers());
        _fixture.Send(Body(body), pieceSize: 4096);

        var streamed = _fixture.Answers.Skip(1).Select(a => a.RequestBody.Response.BodyMutation.StreamedResponse).ToList();
        Assert.Equal(pieces, streamed.Count);
        Assert.All(streamed, s => Assert.InRange(s.Body.Length, 1, 62_000));
        Assert.Equal(body, string.Concat(streamed.Select(s => s.Body.ToStringUtf8())));
        Assert.Equal([.. Enumerable.Repeat(false, pieces - 1), true], streamed.Select(s => s.EndOfStream));
    }

    [Fact]
    public async Task FullDuplex_BodyParsedOutsideTheTurn_IsAnsweredTheSame()
    {
        var body = $$"""{"prompt":"{{new string('é', 300_000)}}","model":"m"}""";
        _fixture.Send(Headers());
        foreach (var piece in ByteString.CopyFromUtf8(body).Chunk(10_001))
        {
            // Pieces end in the middle of characters.
            _fixture.Send(Body(ByteString.CopyFrom(piece), end: false), pieceSize: 4096);
        }

        _fixture.Send(Body("", end: true));
        await _fixture.Call.RunPostedAsync();

        Assert.Equal(Server, MetadataOf(_fixture.Answers[0]));
        Assert.Equal(body, string.Concat(Concat(_fixture.Answers.Skip(1)).ToStringUtf8()));
    }

    [Fact]
    public void FullDuplex_EndRepeated_IsIgnored()
    {
        _fixture.Send(Headers());
        _fixture.Send(Body(Completion));
        var answers = _fixture.Answers.Count;
        _fixture.Send(Body("", end: true));
        _fixture.Send(Body("the last piece again", end: true));

        Assert.Equal(answers, _fixture.Answers.Count);
        Assert.Null(_fixture.Call.Status);
    }

    [Fact]
    public void FullDuplex_BodyEndedByTrailers_AnswersHeadersBodyAndTrailers()
    {
        _fixture.Send(Headers());
        _fixture.Send(Body(Completion, end: false));
        _fixture.Send(Trailers());

        Assert.Equal(
            [ProcessingResponse.ResponseOneofCase.RequestHeaders, ProcessingResponse.ResponseOneofCase.RequestBody, ProcessingResponse.ResponseOneofCase.RequestTrailers],
            _fixture.Answers.Select(a => a.ResponseCase));
        Assert.False(_fixture.Answers[1].RequestBody.Response.BodyMutation.StreamedResponse.EndOfStream);
    }

    [Fact]
    public void NoProtocolConfig_CountsAsFullDuplex()
    {
        _fixture.Send(Headers(mode: null));
        _fixture.Send(Body(Completion));

        Assert.Equal(Server, MetadataOf(_fixture.Answers[0]));
        Assert.NotNull(_fixture.Answers[1].RequestBody.Response.BodyMutation.StreamedResponse);
    }

    [Fact]
    public void Buffered_HeadersAreAnsweredAtOnce_DestinationComesWithTheBody()
    {
        _fixture.Send(Headers(mode: BodySendMode.Buffered));
        Assert.Equal(ProcessingResponse.ResponseOneofCase.RequestHeaders, Assert.Single(_fixture.Answers).ResponseCase);
        Assert.Null(_fixture.Answers[0].DynamicMetadata);

        _fixture.Send(Body(Completion));

        var body = _fixture.Answers[1].RequestBody.Response;
        Assert.Equal(Completion, body.BodyMutation.Body.ToStringUtf8());
        Assert.Equal($"{Completion.Length}", Header(body.HeaderMutation, "Content-Length"));
        Assert.True(_fixture.Answers[0].RequestHeaders.Response.ClearRouteCache);
        Assert.True(body.ClearRouteCache);
        Assert.Equal(Server, Header(body.HeaderMutation, "x-gateway-destination-endpoint"));
        Assert.Equal(Server, MetadataOf(_fixture.Answers[1]));
    }

    [Fact]
    public void Buffered_TrailersFollowTheBody_BodyIsAnsweredBeforeThem()
    {
        _fixture.Send(Headers(mode: BodySendMode.Buffered));
        _fixture.Send(Body(Completion, end: false));

        var answer = _fixture.Answers[1].RequestBody.Response;
        Assert.Equal(Server, Header(answer.HeaderMutation, "x-gateway-destination-endpoint"));
        Assert.DoesNotContain(answer.HeaderMutation.SetHeaders, h => h.Header.Key == "Content-Length"); // Envoy drops the trailers of a body with a length

        _fixture.Send(new ProcessingRequest { RequestTrailers = new HttpTrailers { Trailers = new HeaderMap() } });

        Assert.Equal(ProcessingResponse.ResponseOneofCase.RequestTrailers, _fixture.Answers[2].ResponseCase);
        Assert.Equal(3, _fixture.Answers.Count);
    }

    [Fact]
    public void NoBody_GetsAServerAtOnce()
    {
        _fixture.Send(Headers(end: true, path: "/v1/models"));

        var answer = Assert.Single(_fixture.Answers);
        Assert.Equal(Server, Header(answer.RequestHeaders.Response.HeaderMutation, "x-gateway-destination-endpoint"));
        Assert.Equal(Server, MetadataOf(answer));
    }

    [Fact]
    public void UnknownPath_IsForwardedWithoutReadingTheBody()
    {
        _fixture.Send(Headers(path: "/anything?x=completions"));
        _fixture.Send(Body("not json"));

        Assert.Equal(Server, MetadataOf(_fixture.Answers[0]));
        Assert.Equal("not json", _fixture.Answers[1].RequestBody.Response.BodyMutation.StreamedResponse.Body.ToStringUtf8());
    }

    [Theory]
    [InlineData("/v1/completions", "hello", "error unmarshaling request bodyMap: ")]
    [InlineData("/v1/completions", "", "error unmarshaling request bodyMap: ")]
    [InlineData("/v1/completions", "[1]", "error unmarshaling request bodyMap: the body is not a JSON object")]
    [InlineData("/v1/completions", """{"model":"m"}""", "invalid completions request: must have prompt field")]
    [InlineData("/v1/completions", """{"model":"m","prompt":""}""", "invalid completions request: must have prompt field")]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[]}""", "invalid chat completions request: must have valid messages field")]
    [InlineData("/v1/completions", """{"prompt":"p"}""", "model not found in request body")]
    [InlineData("/v1/completions", """{"model":7,"prompt":"p"}""", "model not found in request body")]
    [InlineData("/v1/completions", """{"model":"m","prompt":"p"} x""", "error unmarshaling request bodyMap: ")]
    public void BadBody_IsRefusedWith400(string path, string body, string message)
    {
        _fixture.Send(Headers(path: path));
        _fixture.Send(Body(body));

        var refusal = Assert.Single(_fixture.Answers).ImmediateResponse;
        Assert.Equal(400, (int)refusal.Status.Code);
        Assert.StartsWith($"inference error: BadRequest - {message}", refusal.Body.ToStringUtf8(), StringComparison.Ordinal);
        Assert.Equal(GrpcStatusCode.Ok, _fixture.Call.Status);
    }

    [Fact]
    public void EmptyPool_WithABody_IsRefusedWith503AndItsReason()
    {
        using var empty = new ExtProcFixture();
        empty.Send(Headers());
        empty.Send(Body(Completion));

        var refusal = Assert.Single(empty.Answers).ImmediateResponse;
        Assert.Equal(503, (int)refusal.Status.Code);
        Assert.Equal("inference error: ServiceUnavailable - failed to find endpoint candidates for serving the request", refusal.Body.ToStringUtf8());
        Assert.Equal("rejected-no-endpoints", Header(refusal.Headers, "x-llm-d-request-dropped-reason"));
    }

    [Fact]
    public void EmptyPool_WithoutABody_IsRefusedWith500()
    {
        using var empty = new ExtProcFixture();
        empty.Send(Headers(end: true));

        var refusal = Assert.Single(empty.Answers).ImmediateResponse;
        Assert.Equal(500, (int)refusal.Status.Code);
        Assert.Equal("inference error: Internal - no pods available in datastore", refusal.Body.ToStringUtf8());
    }

    [Fact]
    public void BodyOverTheLimit_IsRefusedWith413()
    {
        _fixture.Options.MaxRequestBodySize = 100;
        _fixture.Send(Headers());
        _fixture.Send(Body(new string('x', 60), end: false));
        _fixture.Send(Body(new string('x', 60), end: false));

        Assert.Equal(413, (int)Assert.Single(_fixture.Answers).ImmediateResponse.Status.Code);
        Assert.Equal(GrpcStatusCode.Ok, _fixture.Call.Status);
    }

    [Fact]
    public void MalformedMessage_EndsTheCallWithUnknown()
    {
        _fixture.Handler.OnMessage(new System.Buffers.ReadOnlySequence<byte>([0x12, 0xff]));

        Assert.Equal(GrpcStatusCode.Unknown, _fixture.Call.Status);
        Assert.StartsWith("cannot receive stream request: ", _fixture.Call.StatusMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void ObservabilityMode_AnswersNothing()
    {
        var headers = Headers();
        headers.ObservabilityMode = true;
        _fixture.Send(headers);
        _fixture.Send(Body(Completion));
        _fixture.Handler.OnRequestsEnded();

        Assert.Empty(_fixture.Answers);
        Assert.Equal(GrpcStatusCode.Ok, _fixture.Call.Status);
    }

    [Fact]
    public void HalfClose_InMidBody_EndsTheCall()
    {
        _fixture.Send(Headers());
        _fixture.Send(Body("""{"model":""", end: false));
        _fixture.Handler.OnRequestsEnded();

        Assert.Empty(_fixture.Answers);
        Assert.Equal(GrpcStatusCode.Ok, _fixture.Call.Status);
    }

    private static ByteString Concat(IEnumerable<ProcessingResponse> answers) =>
        ByteString.CopyFrom([.. answers.SelectMany(a => a.RequestBody.Response.BodyMutation.StreamedResponse.Body)]);
}
