using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Protocol;
using Orleans.Inference.Picking.Policies;
using static Orleans.Inference.ExtProcGateway.Tests.Protocol.Answers;
using static Orleans.Inference.ExtProcGateway.Tests.Protocol.ExtProcFixture;

using ProcessingRequest = Envoy.Service.ExtProc.V3.ProcessingRequest;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>What calls hold together is bounded, and all of it is given back.</summary>
public sealed class HeldBytesTests : IDisposable
{
    private const string Completion = """{"model":"m","prompt":"hello"}""";

    private readonly ExtProcFixture _fixture = new("10.0.0.1:8000");

    public void Dispose() => _fixture.Dispose();

    private ExtProcCall Begin(FakeCall call)
    {
        var handler = _fixture.NewHandler(call);
        FakeCall.Send(handler, Headers());
        return handler;
    }

    private static ProcessingRequest ResponseHeaders() => new() { ResponseHeaders = new HttpHeaders { Headers = new HeaderMap() } };

    private static ProcessingRequest ResponsePiece(string text, bool end = false) => new() { ResponseBody = new HttpBody { Body = ByteString.CopyFromUtf8(text), EndOfStream = end } };

    [Fact]
    public void Piece_BeyondTheBound_IsRefusedAlone()
    {
        _fixture.Options.MaxHeldBytes = 100_000;
        var (first, second, third) = (new FakeCall(), new FakeCall(), new FakeCall());
        var (waiting, refused) = (Begin(first), Begin(second));
        FakeCall.Send(waiting, Body(new string(' ', 60_000), end: false));
        Assert.InRange(_fixture.Held.Count, 60_000, 100_000);
        var before = _fixture.Held.Count;

        FakeCall.Send(refused, Body(new string(' ', 60_000), end: false));

        var refusal = Assert.Single(second.Answers).ImmediateResponse;
        Assert.Equal(503, (int)refusal.Status.Code);
        Assert.Equal("rejected-saturated", Header(refusal.Headers, "x-llm-d-request-dropped-reason"));
        Assert.Equal("inference error: ServiceUnavailable - too many bytes of requests at once", refusal.Body.ToStringUtf8());
        Assert.Equal(GrpcStatusCode.Ok, second.Status);
        Assert.InRange(_fixture.Held.Count, 60_000, before - 1); // the headers of the refused one are given back

        // Others are served, and the one that waits when its body is whole.
        FakeCall.Send(Begin(third), Body(Completion));
        Assert.NotNull(third.Answers[0].RequestHeaders);
        FakeCall.Send(waiting, Body(Completion));
        Assert.NotNull(first.Answers[0].RequestHeaders);
        Assert.Equal(0, _fixture.Held.Count);
    }

    [Fact]
    public void Headers_BeyondTheBound_AreRefusedUnlessNoBodyFollows()
    {
        _fixture.Options.MaxHeldBytes = 10;
        var (call, bodyless) = (new FakeCall(), new FakeCall());
        Begin(call);
        FakeCall.Send(_fixture.NewHandler(bodyless), Headers(end: true));

        Assert.Equal(503, (int)Assert.Single(call.Answers).ImmediateResponse.Status.Code);
        Assert.NotNull(Assert.Single(bodyless.Answers).RequestHeaders);
        Assert.Equal(0, _fixture.Held.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void HeldResponse_BeyondTheBound_GoesOnAtOnce(bool last)
    {
        _fixture.Send(Headers());
        _fixture.Send(Body(Completion));
        _fixture.Send(ResponseHeaders());
        _fixture.Send(ResponsePiece("{"));
        _fixture.Answers.Clear();
        Assert.NotEqual(0, _fixture.Held.Count);
        _fixture.Options.MaxHeldBytes = _fixture.Held.Count;

        _fixture.Send(ResponsePiece(new string(' ', 5_000), last));
        if (!last)
        {
            _fixture.Send(ResponsePiece("}", end: true));
        }

        var pieces = _fixture.Answers.ConvertAll(answer => answer.ResponseBody.Response.BodyMutation.StreamedResponse);
        Assert.Equal("{" + new string(' ', 5_000) + (last ? "" : "}"), string.Concat(pieces.Select(piece => piece.Body.ToStringUtf8())));
        Assert.Equal(last ? [1, 5_000] : [1, 5_000, 1], pieces.Select(piece => piece.Body.Length));
        Assert.Equal([.. pieces.SkipLast(1).Select(_ => false), true], pieces.Select(piece => piece.EndOfStream));
        Assert.Equal(0, _fixture.Held.Count);
    }

    [Fact]
    public void FirstPieceOfAResponse_BeyondTheBound_GoesOnAtOnce()
    {
        _fixture.Send(Headers());
        _fixture.Send(Body(Completion));
        _fixture.Send(ResponseHeaders());
        _fixture.Answers.Clear();
        _fixture.Options.MaxHeldBytes = 1;

        _fixture.Send(ResponsePiece("{"));

        Assert.Equal("{", Assert.Single(_fixture.Answers).ResponseBody.Response.BodyMutation.StreamedResponse.Body.ToStringUtf8());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Abort_WhileTheBodyIsParsedOutsideTheTurn_LeavesItToItsReader(bool givenUpBefore)
    {
        var body = Body($$"""{"prompt":"{{new string('x', 1_000_000)}}","model":"m"}""");
        var leftToReader = 0;
        for (var i = 0; i < 30; i++)
        {
            var call = new TurnCall();
            var handler = _fixture.NewHandler(call);
            FakeCall.Send(handler, Headers());
            FakeCall.Send(handler, body, pieceSize: 16_000);
            if (givenUpBefore)
            {
                FakeCall.Send(handler, ResponseHeaders()); // the gateway's own response: nobody waits for the decision, and the call ends later
            }

            // A reader that is fast may be through by now, but not each time.
            call.Abort(handler);
            leftToReader += _fixture.Held.Count > 0 ? 1 : 0;
            await Eventually.TrueAsync(() => _fixture.Held.Count == 0);
        }

        Assert.NotEqual(0, leftToReader);
        Assert.Equal(0, _fixture.Held.Count);
    }

    /// <summary>
    /// Calls in any order of messages, silences and ends, small and large bodies, in one piece and in many, with models that are replaced and responses that are held: never more is held than may
    /// be and what cannot be refused, never less than nothing, and nothing at the end.
    /// </summary>
    [Fact]
    public void Calls_AnyInterleaving_HoldWhatMayBeAndGiveAllBack() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(1, 1).WithMaxTest(200),
        Prop.ForAll(Gen.Choose(0, 999).ListOf(120).ToArbitrary(), steps =>
        {
            const int Limit = 700_000;
            const int NotRefused = 20_000; // headers and names of models of all calls
            _fixture.Options.MaxHeldBytes = Limit;
            _fixture.Pool.Policies = new PoolPolicies([], [], [new RewriteRule("r", [], [new RewriteTarget("another-model", null)])]);
            var calls = new (TurnCall Call, ExtProcCall Handler)?[6];
            foreach (var step in steps)
            {
                ref var place = ref calls[step % calls.Length];
                if (place is not { Call.IsOver: false } open)
                {
                    var call = new TurnCall();
                    var handler = _fixture.NewHandler(call);
                    place = (call, handler);
                    FakeCall.Send(handler, Headers());
                    continue;
                }

                switch (step / 6 % 16)
                {
                    case 0 or 1 or 2 or 3:
                        FakeCall.Send(open.Handler, Body(new string(' ', step * 40), end: false));
                        break;
                    case 4 or 5:
                        FakeCall.Send(open.Handler, Body(new string(' ', step * 300), end: false), pieceSize: 16_000);
                        break;
                    case 6 or 7:
                        FakeCall.Send(open.Handler, Body(Completion));
                        break;
                    case 8:
                        FakeCall.Send(open.Handler, Body($$"""{"prompt":"{{new string('x', 270_000)}}","model":"m"}"""), pieceSize: 16_000);
                        break;
                    case 9:
                        FakeCall.Send(open.Handler, ResponseHeaders());
                        break;
                    case 10 or 11:
                        FakeCall.Send(open.Handler, ResponsePiece(new string(' ', step * 20)));
                        break;
                    case 12:
                        FakeCall.Send(open.Handler, ResponsePiece("", end: true));
                        break;
                    case 13:
                        _fixture.Time.Advance(TimeSpan.FromSeconds(step % 70));
                        break;
                    case 14:
                        open.Call.Abort(open.Handler);
                        break;
                    default:
                        open.Handler.OnRequestsEnded();
                        break;
                }

                Array.ForEach(calls, call => call?.Call.RunPosted());
                if (_fixture.Held.Count is < 0 or > Limit + NotRefused)
                {
                    return false;
                }
            }

            foreach (var call in calls)
            {
                if (call is { Call.IsOver: false } open)
                {
                    open.Call.Abort(open.Handler);
                }
            }

            // Bodies that are still being parsed are given back by their readers.
            return SpinWait.SpinUntil(() => _fixture.Held.Count == 0, TimeSpan.FromSeconds(30));
        }));
}
