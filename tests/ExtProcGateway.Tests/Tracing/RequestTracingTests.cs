using System.Diagnostics;
using System.Text;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.Responses;
using Orleans.Inference.ExtProcGateway.Tracing;
using Orleans.Inference.Picking;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Tracing;

[Collection(AloneCollection.Name)]
public sealed class RequestTracingTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Span = "00f067aa0ba902b7";

    private static readonly byte[] Sampled = Encoding.ASCII.GetBytes($"00-{Trace}-{Span}-01");
    private static readonly byte[] NotSampled = Encoding.ASCII.GetBytes($"00-{Trace}-{Span}-00");

    private static RequestTracing Tracing(double ratio, bool parentBased = true) => new(new TracingSettings { Ratio = ratio, ParentBased = parentBased }, seed: 1);

    private static string? Header(in RequestTrace trace)
    {
        var bytes = new byte[TraceParent.Length];
        return trace.TryWriteTraceParent(bytes) ? Encoding.ASCII.GetString(bytes) : null;
    }

    [Fact]
    public void Start_SampledParent_IsRecordedBelowIt()
    {
        using var spans = new SpanRecorder();
        using var tracing = Tracing(ratio: 0);
        var request = new InferenceRequest { RequestId = "r-1", IncomingModel = "m", Priority = 3 };

        var trace = tracing.Start(Sampled, "vendor=1"u8);
        Assert.True(trace.IsRecording);
        var header = Header(trace);
        trace.StartOrchestration(request);
        Assert.Equal("gateway.request_orchestration", request.Trace?.OperationName);
        request.TargetModel = "rewritten";
        trace.EndOrchestration(request, refused: null);
        var response = new UsageReader(ResponseFormat.OpenAi, events: false);
        response.Read("""{"usage":{"prompt_tokens":5,"completion_tokens":6}}"""u8);
        response.End();
        trace.SetUsage(response);
        trace.End(error: null);
        trace.End("twice");

        Assert.Null(request.Trace);
        var span = spans.Span("gateway.request");
        Assert.Equal((Trace, Span, "vendor=1", ActivityKind.Server), (span.TraceId.ToHexString(), span.ParentSpanId.ToHexString(), span.TraceStateString, span.Kind));
        Assert.Equal($"00-{Trace}-{span.SpanId.ToHexString()}-01", header);
        Assert.Equal(("r-1", "m", 5L, 6L), (span.GetTagItem("gen_ai.request.id"), span.GetTagItem("gen_ai.request.model"), span.GetTagItem("gen_ai.usage.input_tokens"), span.GetTagItem("gen_ai.usage.output_tokens")));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        var orchestration = spans.Span("gateway.request_orchestration");
        Assert.Equal((span.SpanId, ActivityKind.Server), (orchestration.ParentSpanId, orchestration.Kind));
        Assert.Equal(("rewritten", 3, "r-1"), (orchestration.GetTagItem("target_model"), orchestration.GetTagItem("request_prio"), orchestration.GetTagItem("gen_ai.request.id")));
    }

    [Fact]
    public void Start_ParentThatIsNotSampled_ChangesNothing()
    {
        using var spans = new SpanRecorder();
        using var tracing = Tracing(ratio: 1);

        var trace = tracing.Start(NotSampled, default);
        trace.End(null);

        Assert.False(trace.IsRecording);
        Assert.Null(Header(trace));
        Assert.Empty(spans.Ended);
    }

    [Fact]
    public void Start_NotParentBased_DecidesItself()
    {
        using var spans = new SpanRecorder();
        using var always = Tracing(ratio: 1, parentBased: false);
        using var never = Tracing(ratio: 0, parentBased: false);

        Assert.Null(Header(never.Start(Sampled, default)));
        var trace = always.Start(NotSampled, default);
        trace.End(null);

        Assert.Equal(Trace, spans.Span("gateway.request").TraceId.ToHexString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    public void Start_NoParent_RecordsAShare(string header)
    {
        using var spans = new SpanRecorder();
        using var tracing = Tracing(ratio: 0.25);
        for (var i = 0; i < 1000; i++)
        {
            var trace = tracing.Start(Encoding.ASCII.GetBytes(header), default);
            var told = Header(trace)!;
            Assert.Equal(trace.IsRecording ? "01" : "00", told[^2..]);
            trace.End(null);
        }

        // Binomial(1000, 1/4), seeded: standard deviation 14.
        Assert.InRange(spans.Ended.Count, 180, 320);
        Assert.All(spans.Ended, span => Assert.Equal(default, span.ParentSpanId));
    }

    [Fact]
    public void End_Refused_SaysWhy()
    {
        using var spans = new SpanRecorder();
        using var tracing = Tracing(ratio: 1);
        var request = new InferenceRequest();

        var refused = tracing.Start(default, default);
        refused.StartOrchestration(request);
        refused.EndOrchestration(request, "no candidates");
        refused.End("no candidates");

        Assert.All(spans.Ended, span => Assert.Equal((ActivityStatusCode.Error, "no candidates"), (span.Status, span.StatusDescription)));
        Assert.Equal(2, spans.Ended.Count);
    }

    [Fact]
    public void End_WhileOrchestrating_EndsBoth()
    {
        using var spans = new SpanRecorder();
        using var tracing = Tracing(ratio: 1);

        var trace = tracing.Start(default, default);
        trace.StartOrchestration(new InferenceRequest());
        trace.End("client has gone");

        Assert.Equal(["gateway.request_orchestration", "gateway.request"], spans.Ended.Select(span => span.OperationName));
    }

    [Fact]
    public void Spans_OfARequest_AreNotTheThreadsCurrentOnes()
    {
        using var spans = new SpanRecorder();
        using var tracing = Tracing(ratio: 1);
        using var outer = new Activity("other").Start();
        var request = new InferenceRequest();

        var trace = tracing.Start(default, default);
        Assert.Same(outer, Activity.Current);
        trace.StartOrchestration(request);
        Assert.Same(outer, Activity.Current);
        trace.EndOrchestration(request, null);
        trace.End(null);

        Assert.Same(outer, Activity.Current);
        Assert.NotEqual(outer.TraceId, spans.Span("gateway.request").TraceId);
    }

    [Fact]
    public void Start_NobodyListens_ChangesNothing()
    {
        using var tracing = Tracing(ratio: 1);

        Assert.Null(Header(tracing.Start(default, default)));
        Assert.Null(Header(tracing.Start(Sampled, default)));
    }

    [Fact]
    public void Start_Off_ChangesNothing()
    {
        using var spans = new SpanRecorder();

        Assert.Null(Header(RequestTracing.Off.Start(default, default)));
        Assert.Null(Header(RequestTracing.Off.Start(Sampled, default)));
        Assert.Empty(spans.Ended);
    }

    [Fact]
    public void Start_RequestThatIsNotRecorded_AllocatesNothing()
    {
        using var spans = new SpanRecorder();
        using var tracing = Tracing(ratio: 0);
        var request = new InferenceRequest();
        var header = new byte[TraceParent.Length];

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() =>
        {
            foreach (var parent in (ReadOnlySpan<byte[]>)[NotSampled, []])
            {
                var trace = tracing.Start(parent, default);
                trace.StartOrchestration(request);
                trace.EndOrchestration(request, null);
                trace.TryWriteTraceParent(header);
                trace.End(null);
            }
        }));
    }
}
