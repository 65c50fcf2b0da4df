using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.Picking.Policies;
using static Orleans.Inference.ExtProcGateway.Tests.Protocol.Answers;
using static Orleans.Inference.ExtProcGateway.Tests.Protocol.ExtProcFixture;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>What is in flight on each server: booked with the pick, given back once, however the call ends.</summary>
public sealed class InFlightTests : IDisposable
{
    private const string Completion = """{"model":"m","prompt":"hello"}""";

    private readonly ExtProcFixture _fixture = new("10.0.0.1:8000");

    public void Dispose() => _fixture.Dispose();

    private (int Requests, long Tokens) InFlight => (_fixture.Pool.View!.InFlight[0].Requests, _fixture.Pool.View!.InFlight[0].Tokens);

    private void Request(BodySendMode mode = BodySendMode.FullDuplexStreamed)
    {
        _fixture.Send(Headers(mode: mode));
        _fixture.Send(Body(Completion));
        Assert.Equal((1, 64L), InFlight); // «hello» is two tokens of four bytes, which fill up a block
    }

    private void RespondWith(string text, bool end)
    {
        _fixture.Send(new ProcessingRequest { ResponseHeaders = new HttpHeaders { Headers = new HeaderMap() } });
        _fixture.Send(new ProcessingRequest { ResponseBody = new HttpBody { Body = ByteString.CopyFromUtf8(text), EndOfStream = end } });
    }

    [Fact]
    public void ResponseComplete_GivesBack()
    {
        Request();
        RespondWith("{}", end: true);
        Assert.Equal((0, 0L), InFlight);

        _fixture.Handler.OnAborted(GrpcAbort.ResetByClient);
        Assert.Equal((0, 0L), InFlight);
    }

    [Fact]
    public void Request_IsBookedForItsFairnessIdAndPriority()
    {
        _fixture.Pool.Policies = new PoolPolicies([new("urgent", 7)], [], []);
        _fixture.Send(Headers(more: [("x-llm-d-inference-fairness-id", "tenant"), ("x-llm-d-inference-objective", "urgent")]));
        _fixture.Send(Body(Completion));

        var flows = new List<FlowLoad>();
        _fixture.Pool.View!.InFlight[0].CopyFlowsTo(flows);
        var flow = Assert.Single(flows);
        Assert.Equal(("tenant", 7, 1, 64L), (flow.Flow.FairnessId, flow.Flow.Priority, flow.Requests, flow.Tokens));
    }

    [Fact]
    public void FirstPieceOfTheResponse_GivesTheTokensBack()
    {
        Request();
        RespondWith("{", end: false);

        Assert.Equal((1, 0L), InFlight);
    }

    [Fact]
    public void AnswersThatAreCounted_StayUntilTheyAreComplete()
    {
        // «hello» is two tokens of four bytes, in a block of 64; the answer is estimated at 2 · 5. Where answers count, all does until the end.
        _fixture.Configure("plugins: [{type: prefix-cache-scorer}, {type: inflight-load-producer, parameters: {addEstimatedOutputTokens: true, outputRatio: 5}}]\n");
        _fixture.Send(Headers());
        _fixture.Send(Body("""{"model":"m","prompt":"hello"}"""));
        Assert.Equal((1, 74L), InFlight);

        RespondWith("{", end: false);
        Assert.Equal((1, 74L), InFlight);

        _fixture.Send(new ProcessingRequest { ResponseBody = new HttpBody { Body = ByteString.CopyFromUtf8("}"), EndOfStream = true } });
        Assert.Equal((0, 0L), InFlight);
    }

    [Fact]
    public void CallLost_GivesBack()
    {
        Request();
        _fixture.Handler.OnAborted(GrpcAbort.ConnectionLost);

        Assert.Equal((0, 0L), InFlight);
    }

    [Fact]
    public void ClientGone_GivesBack()
    {
        Request();
        _fixture.Handler.OnRequestsEnded();

        Assert.Equal((0, 0L), InFlight);
    }

    [Fact]
    public void TrailersEndTheResponse_GiveBack()
    {
        Request();
        RespondWith("{}", end: false);
        _fixture.Send(new ProcessingRequest { ResponseTrailers = new HttpTrailers { Trailers = new HeaderMap() } });

        Assert.Equal((0, 0L), InFlight);
    }

    [Fact]
    public void RefusedRequest_BooksNothing()
    {
        _fixture.Send(Headers());
        _fixture.Send(Body("{}"));

        Assert.Equal((0, 0L), InFlight);
    }

    [Fact]
    public void SkippedResponse_GivesBack()
    {
        _fixture.Send(Headers(path: "/v1/messages/count_tokens"));
        _fixture.Send(Body("{}"));

        Assert.Equal((0, 0L), InFlight);
    }

    /// <summary>The scraped figures are the same for all: without what is in flight, chance would decide.</summary>
    [Fact]
    public void Burst_OnIdleServers_IsSharedEvenly()
    {
        using var ten = new ExtProcFixture([.. Enumerable.Range(0, 10).Select(i => $"10.0.0.{i}:8000")]);
        ten.SetQueues(0);
        ten.Time.Advance(TimeSpan.FromMilliseconds(50));
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 100; i++)
        {
            var call = new FakeCall();
            var handler = ten.NewHandler(call);
            FakeCall.Send(handler, Headers());
            FakeCall.Send(handler, Body($$"""{"model":"m","prompt":"{{i:D5}}"}"""));
            var destination = Destination(call.Answers[0]);
            counts[destination] = counts.GetValueOrDefault(destination) + 1;
        }

        Assert.Equal(10, counts.Count);
        Assert.All(counts.Values, count => Assert.Equal(10, count));
    }
}
