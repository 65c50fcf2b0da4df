using System.Text;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Tests.Requests;
using Orleans.Inference.Picking.Policies;
using static Orleans.Inference.ExtProcGateway.Tests.Protocol.Answers;
using static Orleans.Inference.ExtProcGateway.Tests.Protocol.ExtProcFixture;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>What becomes of the response.</summary>
public sealed class ResponsePhaseTests : IDisposable
{
    private const string Completion = """{"model":"m","prompt":"hello"}""";
    private const string StreamedCompletion = """{"model":"m","prompt":"hello","stream":true}""";

    private readonly ExtProcFixture _fixture = new("10.0.0.1:8000");

    public void Dispose() => _fixture.Dispose();

    private static ProcessingRequest ResponseHeaders(string contentType = "application/json", string? served = null)
    {
        var message = new ProcessingRequest { ResponseHeaders = new HttpHeaders { Headers = new HeaderMap() } };
        message.ResponseHeaders.Headers.Headers.Add(new HeaderValue { Key = ":status", RawValue = ByteString.CopyFromUtf8("200") });
        message.ResponseHeaders.Headers.Headers.Add(new HeaderValue { Key = "content-type", RawValue = ByteString.CopyFromUtf8(contentType) });
        return message;
    }

    private static ProcessingRequest Piece(string text, bool end = false) => new() { ResponseBody = new HttpBody { Body = ByteString.CopyFromUtf8(text), EndOfStream = end } };

    private static ProcessingRequest ResponseTrailers() => new() { ResponseTrailers = new HttpTrailers { Trailers = new HeaderMap() } };

    private void Request(string body = Completion, BodySendMode mode = BodySendMode.FullDuplexStreamed)
    {
        _fixture.Send(Headers(mode: mode));
        _fixture.Send(Body(body));
        _fixture.Answers.Clear();
    }

    private void Rewrite(string from, string to) =>
        _fixture.Pool.Policies = new PoolPolicies([], [], [new RewriteRule("r", [from], [new RewriteTarget(to, null)])]);

    [Fact]
    public void WholeResponse_IsHeldUntilItsEnd()
    {
        Request();
        _fixture.Send(ResponseHeaders());
        _fixture.Send(Piece("""{"id":"""));
        _fixture.Send(Piece("1}"));
        Assert.Single(_fixture.Answers);

        _fixture.Send(Piece("", end: true));

        Assert.Equal(2, _fixture.Answers.Count);
        Assert.Equal("""{"id":1}""", Streamed(_fixture.Answers[1]).Body.ToStringUtf8());
        Assert.True(Streamed(_fixture.Answers[1]).EndOfStream);
    }

    [Fact]
    public void WholeResponse_EndedByTrailers_GoesOnBeforeThemWithoutAnEnd()
    {
        Request();
        _fixture.Send(ResponseHeaders());
        _fixture.Send(Piece("{}"));
        _fixture.Send(ResponseTrailers());

        Assert.Equal("{}", Streamed(_fixture.Answers[1]).Body.ToStringUtf8());
        Assert.False(Streamed(_fixture.Answers[1]).EndOfStream);
        Assert.NotNull(_fixture.Answers[2].ResponseTrailers);
        Assert.Equal(3, _fixture.Answers.Count);
    }

    [Fact]
    public void WholeResponse_ThatStops_GoesOnAfterAWhile()
    {
        Request();
        _fixture.Send(ResponseHeaders());
        _fixture.Send(Piece("half"));

        _fixture.Time.Advance(TimeSpan.FromSeconds(10));
        _fixture.Call.RunPosted();

        Assert.Equal("half", Streamed(_fixture.Answers[1]).Body.ToStringUtf8());
        Assert.False(Streamed(_fixture.Answers[1]).EndOfStream);

        _fixture.Send(Piece("rest"));
        _fixture.Send(Piece("", end: true));
        Assert.Equal(["rest", ""], _fixture.Answers.Skip(2).Select(a => Streamed(a).Body.ToStringUtf8()));
        Assert.True(Streamed(_fixture.Answers[3]).EndOfStream);
    }

    [Fact]
    public void LargeResponse_IsNotHeldWhole()
    {
        Request();
        _fixture.Send(ResponseHeaders());
        for (var i = 0; i < 5; i++)
        {
            _fixture.Send(Piece(new string('x', 1024 * 1024)));
        }

        var text = Text(_fixture.Answers.Skip(1));
        Assert.Equal(5 * 1024 * 1024, text.Length);
        Assert.All(_fixture.Answers.Skip(1), answer => Assert.InRange(Streamed(answer).Body.Length, 1, 62_000));
    }

    [Theory]
    [InlineData(StreamedCompletion, "text/plain")]
    [InlineData(Completion, "text/event-stream; charset=utf-8")]
    [InlineData(Completion, "application/grpc")]
    public void StreamedResponse_GoesOnPieceByPiece(string request, string contentType)
    {
        Request(request);
        _fixture.Send(ResponseHeaders(contentType));
        _fixture.Send(Piece("data: 1\n\n"));
        Assert.Equal("data: 1\n\n", Streamed(_fixture.Answers[1]).Body.ToStringUtf8());
        Assert.False(Streamed(_fixture.Answers[1]).EndOfStream);

        _fixture.Send(Piece("", end: true));

        Assert.True(Streamed(_fixture.Answers[2]).EndOfStream);
        Assert.Equal(3, _fixture.Answers.Count);
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("application/json")]
    public void EndOfStream_ThatIsRepeated_IsNotAnsweredAgain(string contentType)
    {
        Request();
        _fixture.Send(ResponseHeaders(contentType));
        _fixture.Send(Piece("data: {}\n\n", end: true));
        Assert.Equal(2, _fixture.Answers.Count);

        _fixture.Send(Piece("data: {}\n\n", end: true));
        _fixture.Send(Piece("", end: true));

        Assert.Equal(2, _fixture.Answers.Count);
        Assert.Null(_fixture.Call.Status);
    }

    [Fact]
    public void Streamed_EndOfStreamThatIsRepeated_IsAnsweredWithoutAMutation()
    {
        Request(mode: BodySendMode.Streamed);
        _fixture.Send(ResponseHeaders());
        _fixture.Send(Piece("""{"x":"y"}""", end: true));
        _fixture.Send(Piece("", end: true));

        Assert.Equal(3, _fixture.Answers.Count);
        Assert.Null(_fixture.Answers[2].ResponseBody.Response?.BodyMutation);
    }

    [Fact]
    public void Trailers_BodyBehindThem_IsNoPartOfTheResponse()
    {
        Request();
        _fixture.Send(ResponseHeaders());
        _fixture.Send(Piece("{}"));
        _fixture.Send(ResponseTrailers());
        var answers = _fixture.Answers.Count;

        _fixture.Send(Piece("{}", end: true));

        Assert.Equal(answers, _fixture.Answers.Count);
    }

    [Theory]
    [InlineData("Text/Event-Stream; charset=utf-8")]
    [InlineData("APPLICATION/GRPC")]
    public void ContentType_InOtherLetters_StreamsAllTheSame(string contentType)
    {
        Request();
        _fixture.Send(ResponseHeaders(contentType));
        _fixture.Send(Piece("x"));

        Assert.Equal("x", Streamed(_fixture.Answers[1]).Body.ToStringUtf8());
    }

    [Fact]
    public void ThePickersOwnHeaders_FromTheModelServer_AreNotRepeated()
    {
        _fixture.Configure("plugins: [{type: max-score-picker}, {type: destination-endpoint-served-verifier}]\n");
        Request();
        var response = ResponseHeaders();
        foreach (var name in (string[])["x-went-into-resp-headers", "X-Conformance-Test-Served-Endpoint"])
        {
            response.ResponseHeaders.Headers.Headers.Add(new HeaderValue { Key = name, RawValue = ByteString.CopyFromUtf8("spoofed") });
        }

        _fixture.Send(response);

        var mutation = Mutation(_fixture.Answers[0]);
        Assert.DoesNotContain(mutation.SetHeaders, header => header.Header.RawValue.ToStringUtf8() == "spoofed");
        Assert.Single(mutation.SetHeaders, header => header.Header.Key == "x-went-into-resp-headers");
        Assert.Single(mutation.SetHeaders, header => header.Header.Key == "x-conformance-test-served-endpoint");
    }

    [Fact]
    public void Bodyless_NoPluginHasAPartInTheResponse()
    {
        _fixture.Configure("plugins: [{type: max-score-picker}, {type: destination-endpoint-served-verifier}]\n");
        _fixture.Send(Headers(end: true));
        _fixture.Answers.Clear();
        _fixture.Send(ResponseHeaders());

        Assert.DoesNotContain(Mutation(_fixture.Answers[0]).SetHeaders, header => header.Header.Key == "x-conformance-test-served-endpoint");
    }

    [Fact]
    public void GatewaysOwnResponse_BeforeTheBodysEnd_EndsTheRequest()
    {
        _fixture.Send(Headers());
        _fixture.Send(Body("{\"model\":", end: false));
        _fixture.Send(ResponseHeaders());
        _fixture.Send(Body("\"m\",\"prompt\":\"x\"}"));
        _fixture.Send(Piece("too large", end: true));

        Assert.Equal([ProcessingResponse.ResponseOneofCase.ResponseHeaders, ProcessingResponse.ResponseOneofCase.ResponseBody], _fixture.Answers.Select(answer => answer.ResponseCase));
        Assert.Equal(0, _fixture.Pool.View!.InFlight[0].Requests);
    }

    [Fact]
    public void ResponseAlone_IsPassedOn()
    {
        _fixture.Send(ResponseHeaders());
        _fixture.Send(Piece("not found", end: true));

        Assert.True(Sets(Mutation(_fixture.Answers[0]), "x-went-into-resp-headers"));
        Assert.Equal("not found", Streamed(_fixture.Answers[1]).Body.ToStringUtf8());
    }

    [Fact]
    public void RewrittenModel_IsMappedBack_AlsoWhereItIsCut()
    {
        Rewrite("m", "served-model");
        _fixture.Send(Headers());
        _fixture.Send(Body(StreamedCompletion));
        Assert.Contains("\"served-model\"", Streamed(_fixture.Answers[1]).Body.ToStringUtf8(), StringComparison.Ordinal);
        _fixture.Answers.Clear();

        _fixture.Send(ResponseHeaders("text/event-stream"));
        _fixture.Send(Piece("data: {\"model\":\"served-"));
        _fixture.Send(Piece("model\",\"x\":1}\n\n"));
        _fixture.Send(Piece("data: {\"model\":\"ser"));
        _fixture.Send(Piece("", end: true));

        Assert.Equal("data: {\"model\":\"m\",\"x\":1}\n\ndata: {\"model\":\"ser", Text(_fixture.Answers.Skip(1)));
        Assert.True(Streamed(_fixture.Answers[^1]).EndOfStream);
    }

    [Fact]
    public void RewrittenModel_WholeResponse_IsMappedBack()
    {
        Rewrite("m", "served");
        Request();
        _fixture.Send(ResponseHeaders());
        _fixture.Send(Piece("{\"model\": \"ser"));
        _fixture.Send(Piece("ved\"}", end: true));

        Assert.Equal("{\"model\": \"m\"}", Text(_fixture.Answers.Skip(1)));
    }

    [Theory]
    [InlineData("application/grpc", "/v1/completions")]
    [InlineData("application/grpc+proto", "/v1/completions")]
    [InlineData("", "/google.cloud.aiplatform.v1.PredictionService/ChatCompletions")]
    public void RewrittenModel_InGrpcMessages_StaysAsItIs(string contentType, string path)
    {
        const string Answer = "{\"model\":\"served\"} {\"model\":\"ser";
        var json = Encoding.UTF8.GetBytes("""{"model":"m","prompt":"x","messages":[{"role":"user","content":"x"}],"stream":true}""");
        var isVertex = path.Contains("Prediction", StringComparison.Ordinal);
        Rewrite("m", "served");
        _fixture.Configure("plugins: [{type: openai-parser}, {type: vertexai-parser}]\nrequestHandler: {parsers: [{pluginRef: openai-parser}, {pluginRef: vertexai-parser}]}\n");
        _fixture.Send(Headers(path: path));
        _fixture.Send(Body(ByteString.CopyFrom(isVertex ? GrpcBodies.Frame(GrpcBodies.Message(GrpcBodies.Bytes(2, GrpcBodies.Message(GrpcBodies.Bytes(2, json))))) : json)));
        Assert.Equal(2, _fixture.Answers.Count);
        _fixture.Answers.Clear();

        _fixture.Send(ResponseHeaders(contentType));
        _fixture.Send(Piece(Answer));
        _fixture.Send(ResponseTrailers());

        Assert.Equal(Answer, Text(_fixture.Answers.Skip(1).SkipLast(1)));
        Assert.NotNull(_fixture.Answers[^1].ResponseTrailers);
    }

    [Fact]
    public void RewrittenModel_EndedByTrailersInMidName_LosesNothing()
    {
        Rewrite("m", "served");
        Request(StreamedCompletion);
        _fixture.Send(ResponseHeaders("text/event-stream"));
        _fixture.Send(Piece("{\"model\":\"ser"));
        _fixture.Send(ResponseTrailers());

        Assert.Equal("{\"model\":\"ser", Text(_fixture.Answers.Skip(1).SkipLast(1)));
        Assert.NotNull(_fixture.Answers[^1].ResponseTrailers);
    }

    [Theory]
    [InlineData(BodySendMode.Buffered)]
    [InlineData(BodySendMode.Streamed)]
    public void OtherModes_UnchangedPiece_IsAnsweredWithoutAMutation(BodySendMode mode)
    {
        Request(mode: mode);
        _fixture.Send(ResponseHeaders());
        _fixture.Send(Piece("x", end: true));

        Assert.NotNull(_fixture.Answers[1].ResponseBody);
        Assert.Null(_fixture.Answers[1].ResponseBody.Response.BodyMutation);
    }

    [Fact]
    public void Buffered_RewrittenModel_ReplacesBodyAndLength()
    {
        Rewrite("m", "served");
        Request(mode: BodySendMode.Buffered);
        _fixture.Send(ResponseHeaders());
        _fixture.Send(Piece("{\"model\":\"served\"}", end: true));

        var answer = _fixture.Answers[1].ResponseBody.Response;
        Assert.Equal("{\"model\":\"m\"}", answer.BodyMutation.Body.ToStringUtf8());
        Assert.Equal("13", Header(answer.HeaderMutation, "content-length"));
    }

    [Fact]
    public void Streamed_RewrittenModelCutInTwo_IsMappedBack()
    {
        StreamedRewritten();
        _fixture.Send(Piece("{\"model\":\"ser"));
        _fixture.Send(Piece("ved\"}", end: true));

        Assert.Equal("{\"model\":\"m\"}", string.Concat(_fixture.Answers.Skip(1).Select(answer => answer.ResponseBody.Response.BodyMutation.Body.ToStringUtf8())));
    }

    [Fact]
    public void Streamed_TrailersWithinTheModelsName_BreakTheResponseRatherThanShortenIt()
    {
        StreamedRewritten();
        _fixture.Send(Piece("{\"model\":\"ser"));
        _fixture.Send(ResponseTrailers());

        Assert.Equal(GrpcStatusCode.Unknown, _fixture.Call.Status);
    }

    private void StreamedRewritten()
    {
        var headers = Headers(mode: BodySendMode.Streamed, more: ("x-llm-d-model-name-rewrite", "served"));
        headers.ProtocolConfig.SendBodyWithoutWaitingForHeaderResponse = true;
        _fixture.Send(headers);
        _fixture.Send(Body(Completion));
        _fixture.Answers.Clear();
        _fixture.Send(ResponseHeaders());
    }

    [Fact]
    public void Observed_NothingIsAnswered()
    {
        var headers = ResponseHeaders();
        headers.ObservabilityMode = true;
        _fixture.Send(headers);
        _fixture.Send(Piece("x", end: true));
        _fixture.Send(ResponseTrailers());

        Assert.Empty(_fixture.Answers);
    }
}
