using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.Picking.Policies;
using static Orleans.Inference.ExtProcGateway.Tests.Protocol.Answers;
using static Orleans.Inference.ExtProcGateway.Tests.Protocol.ExtProcFixture;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>Subsets, policies, modes and bounds of the request phase.</summary>
public sealed class RequestPhaseTests : IDisposable
{
    private const string First = "10.0.0.1:8000";
    private const string Second = "10.0.0.2:8000";
    private const string SecondRank = "10.0.0.2:8001";
    private const string Sixth = "[2001:db8::1]:8000";
    private const string Completion = """{"model":"m","prompt":"hello"}""";

    private readonly ExtProcFixture _fixture = new(First, Second, SecondRank, Sixth);

    public void Dispose() => _fixture.Dispose();

    private static Value List(params string[] items) => Value.ForList([.. items.Select(Value.ForString)]);

    private static ProcessingRequest With(ProcessingRequest message, Value subset)
    {
        message.MetadataContext = new Envoy.Config.Core.V3.Metadata();
        message.MetadataContext.FilterMetadata["envoy.lb.subset_hint"] = new Struct { Fields = { ["x-gateway-destination-endpoint-subset"] = subset } };
        return message;
    }

    private ImmediateResponse Refusal() => Assert.Single(_fixture.Answers).ImmediateResponse;

    private HashSet<string> DestinationsOf(Func<ProcessingRequest> headers, Func<ProcessingRequest> body)
    {
        var found = new HashSet<string>();
        for (var i = 0; i < 200; i++)
        {
            // A model of each request's own: prompts that a server holds would draw the others.
            var call = new FakeCall();
            var handler = _fixture.NewHandler(call);
            var message = headers();
            message.RequestHeaders.Headers.Headers.Add(new HeaderValue { Key = "x-llm-d-model-name-rewrite", RawValue = ByteString.CopyFromUtf8($"m{i}") });
            FakeCall.Send(handler, message);
            FakeCall.Send(handler, body());
            found.Add(Destination(call.Answers[0]));
        }

        return found;
    }

    public static TheoryData<Value, string[]> Subsets => new()
    {
        { List(First), [First] },
        { List("10.0.0.2"), [Second, SecondRank] },
        { List(SecondRank), [SecondRank] },
        { List("10.0.0.1", "10.0.0.2:8001", "10.0.0.1"), [First, SecondRank] },
        { List("2001:db8::1"), [Sixth] },
        { List("[2001:db8::1]"), [Sixth] },
        { List(Sixth), [Sixth] },
        { Value.ForString($"{First}, 10.0.0.2:8000"), [First, Second] },
        { Value.ForList(Value.ForNumber(7), Value.ForString(Second)), [Second] },
        { Value.ForNumber(7), [First, Second, SecondRank, Sixth] },
    };

    [Theory]
    [MemberData(nameof(Subsets))]
    public void Subset_RestrictsTheCandidates(Value subset, string[] expected)
    {
        Assert.Equal(expected.ToHashSet(), DestinationsOf(() => Headers(), () => With(Body(Completion), subset)));
        Assert.Equal(expected.ToHashSet(), DestinationsOf(() => With(Headers(), subset), () => Body(Completion)));
    }

    [Fact]
    public void Subset_OfTheBodyCountsBeforeThatOfTheHeaders() =>
        Assert.Equal([Second], DestinationsOf(() => With(Headers(), List(First)), () => With(Body(Completion), List(Second))));

    [Theory]
    [InlineData]
    [InlineData("9.9.9.9:8000")]
    [InlineData("10.0.0.1:9999")]
    [InlineData("")]
    public void Subset_WithoutACandidate_IsRefusedWith503(params string[] items)
    {
        _fixture.Send(With(Headers(), List(items)));
        _fixture.Send(Body(Completion));

        Assert.Equal(503, (int)Refusal().Status.Code);
        Assert.Equal("rejected-no-endpoints", Header(Refusal().Headers, "x-llm-d-request-dropped-reason"));
    }

    [Fact]
    public void Subset_Disabled_RestrictsNothing()
    {
        _fixture.Options.DisableEndpointSubsetFilter = true;

        Assert.Equal(4, DestinationsOf(() => Headers(), () => With(Body(Completion), List(First))).Count);
    }

    [Theory]
    [InlineData("x-llm-d-inference-objective")]
    [InlineData("x-gateway-inference-objective")]
    public void SheddableRequest_OnSaturatedServers_IsRefusedWith429(string header)
    {
        _fixture.Pool.Policies = new PoolPolicies([new("batch", -1)], [], []);
        _fixture.SetQueues(5);
        _fixture.Send(Headers(more: (header, "batch")));
        _fixture.Send(Body(Completion));

        Assert.Equal(429, (int)Refusal().Status.Code);
        Assert.Equal("inference error: ResourceExhausted - system saturated, sheddable request dropped", Refusal().Body.ToStringUtf8());
        Assert.Null(Refusal().Headers);
    }

    [Fact]
    public void SheddableRequest_BelowSaturation_IsPicked()
    {
        _fixture.Pool.Policies = new PoolPolicies([new("batch", -1)], [], []);
        _fixture.SetQueues(4);
        _fixture.Send(Headers(more: ("x-llm-d-inference-objective", "batch")));
        _fixture.Send(Body(Completion));

        Assert.NotNull(_fixture.Answers[0].RequestHeaders);
    }

    [Fact]
    public void EmptyCurrentHeader_ShadowsItsAlias()
    {
        _fixture.Pool.Policies = new PoolPolicies([new("batch", -1)], [], []);
        _fixture.SetQueues(5);
        _fixture.Send(Headers(more: [("x-gateway-inference-objective", "batch"), ("x-llm-d-inference-objective", "")]));
        _fixture.Send(Body(Completion));

        Assert.NotNull(_fixture.Answers[0].RequestHeaders);
    }

    [Fact]
    public void SheddableRequest_EmptyPool_IsRefusedWith429()
    {
        using var empty = new ExtProcFixture();
        empty.Pool.Policies = new PoolPolicies([new("batch", -1)], [], []);
        empty.Send(Headers(more: ("x-llm-d-inference-objective", "batch")));
        empty.Send(Body(Completion));

        Assert.Equal(429, (int)Assert.Single(empty.Answers).ImmediateResponse.Status.Code);
    }

    [Theory]
    [InlineData(Completion, """{"model":"t-1","prompt":"hello"}""")]
    [InlineData("""{"prompt":"hello"}""", """{"model":"t-1","prompt":"hello"}""")]
    [InlineData("""{ "b" : 1.0, "model" : "m" , "prompt":"h"}""", """{ "b" : 1.0, "model" : "t-1" , "prompt":"h"}""")]
    public void RewriteHeader_ChangesNothingButTheModel(string body, string expected)
    {
        _fixture.Send(Headers(more: ("x-llm-d-model-name-rewrite", "t-1")));
        _fixture.Send(Body(body));

        Assert.Equal(expected, Text(_fixture.Answers.Skip(1)));
        Assert.Equal($"{expected.Length}", Header(Mutation(_fixture.Answers[0]), "Content-Length"));
    }

    [Fact]
    public void RewriteRule_OverridesTheHeader()
    {
        _fixture.Pool.Policies = new PoolPolicies([], [], [new RewriteRule("r", ["m"], [new RewriteTarget("by-rule", null)])]);
        _fixture.Send(Headers(more: ("x-llm-d-model-name-rewrite", "by-header")));
        _fixture.Send(Body(Completion));

        Assert.Contains("\"by-rule\"", Text(_fixture.Answers.Skip(1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Streamed_DecidesWithTheHeaders_AndAnswersEachPiece()
    {
        _fixture.Send(Headers(mode: BodySendMode.Streamed, more: ("hi", "mom")));
        Assert.NotEmpty(Destination(Assert.Single(_fixture.Answers)));
        Assert.Equal("mom", Header(Mutation(_fixture.Answers[0]), "hi"));
        Assert.False(Sets(Mutation(_fixture.Answers[0]), "content-length"));

        _fixture.Send(Body("one", end: false));
        _fixture.Send(Body("two"));
        _fixture.Send(Body("two"));

        Assert.Equal(4, _fixture.Answers.Count);
        Assert.All(_fixture.Answers.Skip(1), answer => Assert.Null(answer.RequestBody.Response.BodyMutation));
    }

    [Fact]
    public void Streamed_BodyThatComesUnasked_IsReadBeforeTheDecision()
    {
        var headers = Headers(mode: BodySendMode.Streamed, more: ("x-llm-d-model-name-rewrite", "t"));
        headers.ProtocolConfig.SendBodyWithoutWaitingForHeaderResponse = true;
        _fixture.Send(headers);
        _fixture.Send(Body(Completion[..10], end: false));
        Assert.Empty(_fixture.Answers);

        _fixture.Send(Body(Completion[10..]));

        Assert.Equal(3, _fixture.Answers.Count);
        Assert.Equal("""{"model":"t","prompt":"hello"}""", _fixture.Answers[1].RequestBody.Response.BodyMutation.Body.ToStringUtf8());
        Assert.True(_fixture.Answers[2].RequestBody.Response.BodyMutation.ClearWholeBody);
    }

    [Fact]
    public void NoneMode_DecidesWithTheHeaders()
    {
        _fixture.Send(Headers(mode: BodySendMode.None));

        Assert.NotEmpty(Destination(Assert.Single(_fixture.Answers)));
    }

    [Fact]
    public void BodyThatStops_IsRefusedWith503()
    {
        _fixture.Send(Headers());
        _fixture.Send(Body("""{"model":""", end: false));
        _fixture.Time.Advance(TimeSpan.FromSeconds(40));
        _fixture.Send(Body("\"m\"", end: false));
        _fixture.Time.Advance(TimeSpan.FromSeconds(40));
        Assert.Empty(_fixture.Answers);

        _fixture.Time.Advance(TimeSpan.FromSeconds(30));
        _fixture.Call.RunPosted();

        Assert.Equal(503, (int)Refusal().Status.Code);
        Assert.Equal("rejected-body-timeout", Header(Refusal().Headers, "x-llm-d-request-dropped-reason"));
        Assert.Equal(GrpcStatusCode.Ok, _fixture.Call.Status);
    }

    [Fact]
    public void BodyThatDrips_IsRefusedAfterTenTimesTheWaitForAPiece()
    {
        _fixture.Send(Headers());
        for (var i = 0; i < 12; i++)
        {
            _fixture.Send(Body("x", end: false));
            Assert.Empty(_fixture.Answers);
            _fixture.Time.Advance(TimeSpan.FromSeconds(50));
        }

        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        _fixture.Send(Body("x", end: false));

        Assert.Equal(503, (int)Refusal().Status.Code);
        Assert.Equal("rejected-body-timeout", Header(Refusal().Headers, "x-llm-d-request-dropped-reason"));
        Assert.Equal(0, _fixture.Held.Count);
    }

    [Fact]
    public void BodyThatIsWholeAtLast_IsServedHoweverLongItTook()
    {
        _fixture.Send(Headers());
        for (var i = 0; i < 12; i++)
        {
            _fixture.Send(Body(Completion[i..(i + 1)], end: false));
            _fixture.Time.Advance(TimeSpan.FromSeconds(50));
        }

        _fixture.Time.Advance(TimeSpan.FromSeconds(5));
        _fixture.Send(Body(Completion[12..]));

        Assert.NotNull(_fixture.Answers[0].RequestHeaders);
    }

    [Fact]
    public void OneStreamTooMany_IsRefusedWith503()
    {
        _fixture.Options.MaxStreams = 2;
        _fixture.Calls.Add();
        _fixture.Calls.Add();
        _fixture.Calls.Add();
        _fixture.Send(Headers());

        Assert.Equal(503, (int)Refusal().Status.Code);
        Assert.Equal("rejected-saturated", Header(Refusal().Headers, "x-llm-d-request-dropped-reason"));
    }

    [Fact]
    public void EmittedScores_NameEveryServer()
    {
        _fixture.Options.EmitEndpointScores = true;
        _fixture.SetQueues(1);
        _fixture.Send(Headers());
        _fixture.Send(Body(Completion));

        var scores = _fixture.Answers[0].DynamicMetadata.Fields["envoy.lb"].StructValue.Fields["x-gateway-destination-endpoint-scores"].StructValue;
        Assert.Equal([First, Second, SecondRank, Sixth], scores.Fields.Keys.Order());
        Assert.All(scores.Fields.Values, score => Assert.InRange(score.NumberValue, 1, 7));
    }

    [Fact]
    public void CountTokens_EndsTheStreamBehindTheRequest()
    {
        _fixture.Send(Headers(path: "/v1/messages/count_tokens"));
        _fixture.Send(Body("anything"));

        Assert.Equal(2, _fixture.Answers.Count);
        Assert.Equal(GrpcStatusCode.Ok, _fixture.Call.Status);
    }

    [Theory]
    [InlineData("if-available")]
    [InlineData("wait=10, IF-Available;x=1")]
    public void OnlyIfCached_IsServedOnceTheServerHoldsThePrompt(string prefer)
    {
        (string, string)[] headers = [("prefer", prefer)];
        _fixture.Send(Headers(more: headers));
        _fixture.Send(Body(Completion));
        Assert.Equal(412, (int)Refusal().Status.Code);
        Assert.Equal("inference error: PreconditionFailed - no decode worker has the requested KV cache", Refusal().Body.ToStringUtf8());

        var (first, second) = (new FakeCall(), new FakeCall());
        var handler = _fixture.NewHandler(first);
        FakeCall.Send(handler, Headers());
        FakeCall.Send(handler, Body(Completion));
        handler = _fixture.NewHandler(second);
        FakeCall.Send(handler, Headers(more: headers));
        FakeCall.Send(handler, Body(Completion));

        Assert.Equal(Destination(first.Answers[0]), Destination(second.Answers[0]));
    }

    [Fact]
    public void OtherPreference_AsksForNothing()
    {
        _fixture.Send(Headers(more: ("prefer", "respond-async, wait=100; if-available, if-available=1")));
        _fixture.Send(Body(Completion));

        Assert.NotNull(_fixture.Answers[0].RequestHeaders);
    }
}
