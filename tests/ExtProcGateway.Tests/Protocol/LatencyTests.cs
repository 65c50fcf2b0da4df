using System.Diagnostics;
using System.Globalization;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Orleans.Inference.ExtProcGateway.Protocol;
using Orleans.Inference.ExtProcGateway.Tests.Telemetry;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Policies;
using static Orleans.Inference.ExtProcGateway.Tests.Protocol.ExtProcFixture;
using ProcessingRequest = Envoy.Service.ExtProc.V3.ProcessingRequest;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>What the gateway learns of latencies, and how decisions go by it.</summary>
public sealed class LatencyTests : IDisposable
{
    private readonly ExtProcFixture _fixture = new("10.0.0.1:8000", "10.0.0.2:8000");

    public LatencyTests() => _fixture.Configure("plugins:\n- type: latency-scorer\n- type: predicted-latency-producer\n  parameters: {streamingMode: true}\n");

    public void Dispose() => _fixture.Dispose();

    private PredictorFigures Figures => _fixture.Pool.Memory.Latency.Figures;

    private FakeCall Exchange(string status, bool streamed, int milliseconds, int tokens, params (string Key, string Value)[] headers)
    {
        var call = new FakeCall();
        var handler = _fixture.NewHandler(call);
        FakeCall.Send(handler, Headers(more: headers));
        FakeCall.Send(handler, Body($$"""{"model":"m","prompt":"hello","stream":{{(streamed ? "true" : "false")}}}"""));
        var answer = new HttpHeaders { Headers = new HeaderMap() };
        answer.Headers.Headers.Add(new HeaderValue { Key = ":status", RawValue = ByteString.CopyFromUtf8(status) });
        FakeCall.Send(handler, new ProcessingRequest { ResponseHeaders = answer });
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        Piece(handler, streamed ? "data: {}\n\n" : "{\"usage\":");
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(10 * (tokens - 1)));
        var usage = $$"""{"prompt_tokens":1,"completion_tokens":{{tokens}}}""";
        Piece(handler, streamed ? $"data: {{\"usage\":{usage}}}\n\ndata: [DONE]\n\n" : usage + "}", end: true);
        return call;
    }

    private static void Piece(ExtProcCall handler, string text, bool end = false) =>
        FakeCall.Send(handler, new ProcessingRequest { ResponseBody = new HttpBody { Body = ByteString.CopyFromUtf8(text), EndOfStream = end } });

    /// <summary>Samples are learned from on the thread pool.</summary>
    private async Task LearnedAsync(long samples)
    {
        var since = Stopwatch.StartNew();
        while (Figures.Samples < samples)
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(60));
            await Task.Yield();
        }
    }

    /// <summary>100 ms to the first token and 10 ms for each of nine more, again and again, leave nothing to be wrong about.</summary>
    [Fact]
    public async Task Streams_AllTheSame_ArePredicted()
    {
        for (var i = 1; i <= 300; i++)
        {
            Exchange("200", streamed: true, milliseconds: 100, tokens: 10);
            await LearnedAsync(i);
        }

        Assert.Equal(300, Figures.Samples);
        Assert.InRange(Figures.TtftError, 0, 0.01);
        Assert.InRange(Figures.TpotError, 0, 0.01);
        Assert.True(double.IsNaN(Figures.WholeError));
    }

    [Fact]
    public async Task AnswersInOnePiece_AreLearnedApart()
    {
        for (var i = 1; i <= 100; i++)
        {
            Exchange("200", streamed: false, milliseconds: 500, tokens: 10);
            await LearnedAsync(i);
        }

        Assert.InRange(Figures.WholeError, 0, 0.01);
        Assert.True(double.IsNaN(Figures.TtftError));
    }

    [Fact]
    public async Task Errors_TeachNothing()
    {
        Exchange("503", streamed: true, milliseconds: 1, tokens: 2);
        Exchange("200", streamed: true, milliseconds: 100, tokens: 2);
        await LearnedAsync(1);
        Assert.Equal(1, Figures.Samples);
        Assert.Equal(0, Figures.Rejected);
    }

    /// <summary>An answer in one piece says nothing of the time for each token, and its first byte comes with its last token.</summary>
    [Fact]
    public async Task AnswerInOnePiece_WhereAStreamWasAskedFor_TeachesNothing()
    {
        for (var i = 0; i < 50; i++)
        {
            var handler = _fixture.NewHandler(new FakeCall());
            FakeCall.Send(handler, Headers());
            FakeCall.Send(handler, Body("""{"model":"m","prompt":"hello","stream":true}"""));
            var answer = new HttpHeaders { Headers = new HeaderMap() };
            answer.Headers.Headers.Add(new HeaderValue { Key = "content-type", RawValue = ByteString.CopyFromUtf8("application/json") });
            FakeCall.Send(handler, new ProcessingRequest { ResponseHeaders = answer });
            Piece(handler, """{"usage":{"prompt_tokens":1,"completion_tokens":9}}""", end: true);
        }

        Exchange("200", streamed: true, milliseconds: 100, tokens: 2);
        await LearnedAsync(1);
        Assert.Equal(1, Figures.Samples);
        Assert.Equal(0, Figures.Rejected);
    }

    [Fact]
    public async Task ConfigurationWithoutProducer_LearnsNothing()
    {
        _fixture.Configure("plugins:\n- type: queue-scorer\n");
        Exchange("200", streamed: true, milliseconds: 100, tokens: 2);
        _fixture.Configure("plugins:\n- type: queue-scorer\n- type: predicted-latency-producer\n  parameters: {predictInProduce: false}\n");
        Exchange("200", streamed: true, milliseconds: 100, tokens: 2);
        await LearnedAsync(1);
        Assert.Equal(1, Figures.Samples);
    }

    /// <summary>Both servers are predicted to take 100 ms, and run requests: a request with a priority below 0 that asks for 50 is denied, one that asks for 200 is not.</summary>
    [Theory]
    [InlineData("x-llm-d-slo-ttft-ms", 50, true)]
    [InlineData("x-slo-ttft-ms", 50, true)]
    [InlineData("x-llm-d-slo-ttft-ms", 200, false)]
    [InlineData("x-slo-tpot-ms", 5, true)]
    [InlineData("x-llm-d-slo-tpot-ms", 20, false)]
    public void Objectives_OfTheHeaders_AreComparedWithThePredictions(string header, int objective, bool denied)
    {
        var features = default(LatencyFeatures);
        features[0] = 1;
        for (var i = 0; i < 100; i++)
        {
            _fixture.Pool.Memory.Latency.Learn(new LatencySample { Features = features, Streamed = true, Ttft = 100, Tpot = 10, At = i });
        }

        _fixture.Configure("plugins:\n- type: latency-slo-admitter\n- type: predicted-latency-producer\n  parameters: {streamingMode: true}\n");
        var servers = _fixture.Pool.View!.Servers.ToArray();
        _fixture.Pool.View = MetricViews.Of("default/pool", [.. servers.Select(server => (server, 0, 3, 0.5, _fixture.Time.GetMilliseconds()))]);
        _fixture.Pool.Policies = new PoolPolicies([new("low", -1)], [], []);
        var call = Exchange("200", streamed: true, milliseconds: 100, tokens: 2, (header, objective.ToString(CultureInfo.InvariantCulture)), ("x-llm-d-inference-objective", "low"));
        Assert.Equal(denied, call.Answers[0].ImmediateResponse is not null);
    }

    /// <summary>The current name shadows the older one, whatever it holds.</summary>
    [Theory]
    [InlineData("250", "x", 250.0)]
    [InlineData("0.5", "x", 0.5)]
    [InlineData("", "100", null)]
    [InlineData("soon", "100", null)]
    [InlineData("-1", "100", null)]
    [InlineData("NaN", "100", null)]
    [InlineData(null, " 100 ", 100.0)]
    [InlineData(null, null, null)]
    public void Objective_CurrentName_ComesBeforeTheOlder(string? current, string? older, double? expected)
    {
        var map = new HeaderMap();
        Add("x-slo-ttft-ms", older);
        Add("X-LLM-D-SLO-TTFT-MS", current);
        Add("x-slo-tpot-ms", older);
        Add("x-llm-d-slo-tpot-ms", current);
        var headers = new ReceivedHeaders();
        Assert.True(headers.TryRead(map.ToByteArray(), out _));
        Assert.Equal(new LatencyObjectives(expected, expected), headers.Objectives);
        headers.Release();

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                map.Headers.Add(new HeaderValue { Key = name, RawValue = ByteString.CopyFromUtf8(value) });
            }
        }
    }
}
