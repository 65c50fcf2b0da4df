using System.Diagnostics;
using System.Text;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Orleans.Inference.ExtProcGateway.Tests.Protocol;
using Orleans.Inference.ExtProcGateway.Tracing;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;

namespace Orleans.Inference.ExtProcGateway.Tests.Tracing;

/// <summary>Whole ext_proc calls with tracing.</summary>
[Collection(AloneCollection.Name)]
public sealed class TracedCallTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Sampled = $"00-{Trace}-00f067aa0ba902b7-01";
    private const string NotSampled = $"00-{Trace}-00f067aa0ba902b7-00";

    private static RequestTracing Tracing(double ratio) => new(new TracingSettings { Ratio = ratio }, seed: 1);

    private static List<string> TraceParents(ProcessingResponse answer)
    {
        var common = answer.RequestHeaders?.Response ?? answer.RequestBody.Response;
        return [.. common.HeaderMutation.SetHeaders.Where(set => set.Header.Key == "traceparent").Select(set => set.Header.RawValue.ToStringUtf8())];
    }

    private static void Respond(ExtProcFixture fixture, string status = "200")
    {
        var headers = new HttpHeaders { Headers = new Envoy.Config.Core.V3.HeaderMap() };
        headers.Headers.Headers.Add(new Envoy.Config.Core.V3.HeaderValue { Key = ":status", RawValue = ByteString.CopyFromUtf8(status) });
        fixture.Send(new ProcessingRequest { ResponseHeaders = headers });
        fixture.Send(new ProcessingRequest { ResponseBody = new HttpBody { Body = ByteString.CopyFromUtf8("""{"usage":{"prompt_tokens":5,"completion_tokens":6}}"""), EndOfStream = true } });
    }

    [Theory]
    [InlineData(BodySendMode.FullDuplexStreamed)]
    [InlineData(BodySendMode.Buffered)]
    public void Call_OfASampledTrace_HasAllSpansAndTellsTheModelServer(BodySendMode mode)
    {
        using var spans = new SpanRecorder();
        using var tracing = Tracing(ratio: 0);
        using var fixture = new ExtProcFixture(tracing, "10.0.0.1:8000");

        fixture.Send(ExtProcFixture.Headers(mode: mode, more: [("TraceParent", Sampled), ("tracestate", "v=1"), ("x-request-id", "r-1")]));
        fixture.Send(ExtProcFixture.Body("""{"model":"m","prompt":"p"}"""));
        var answer = fixture.Answers.First(a => (a.RequestHeaders?.Response ?? a.RequestBody?.Response)?.HeaderMutation is not null);
        Respond(fixture);
        fixture.Handler.OnRequestsEnded();

        var span = spans.Span("gateway.request");
        Assert.Equal((Trace, "00f067aa0ba902b7", "v=1"), (span.TraceId.ToHexString(), span.ParentSpanId.ToHexString(), span.TraceStateString));
        Assert.Equal([$"00-{Trace}-{span.SpanId.ToHexString()}-01"], TraceParents(answer));
        Assert.Equal(("m", "r-1", 5L, 6L, ActivityStatusCode.Unset), (span.GetTagItem("gen_ai.request.model"), span.GetTagItem("gen_ai.request.id"), span.GetTagItem("gen_ai.usage.input_tokens"), span.GetTagItem("gen_ai.usage.output_tokens"), span.Status));
        var orchestration = spans.Span("gateway.request_orchestration");
        Assert.Equal(span.SpanId, orchestration.ParentSpanId);
        Assert.Equal("m", orchestration.GetTagItem("target_model"));
        Assert.Equal(orchestration.SpanId, spans.Span("run_scheduler_profile").ParentSpanId);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void Call_OfATraceThatIsNotSampled_RepeatsItsHeader()
    {
        using var spans = new SpanRecorder();
        using var tracing = Tracing(ratio: 1);
        using var fixture = new ExtProcFixture(tracing, "10.0.0.1:8000");

        fixture.Send(ExtProcFixture.Headers(more: ("traceparent", NotSampled)));
        fixture.Send(ExtProcFixture.Body("""{"model":"m","prompt":"p"}"""));
        fixture.Handler.OnRequestsEnded();

        Assert.Equal([NotSampled], TraceParents(fixture.Answers[0]));
        Assert.Empty(spans.Ended);
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(1, "01")]
    public void Call_WithoutABody_BeginsATrace(double ratio, string flags)
    {
        using var spans = new SpanRecorder();
        using var tracing = Tracing(ratio);
        using var fixture = new ExtProcFixture(tracing, "10.0.0.1:8000");

        fixture.Send(ExtProcFixture.Headers(end: true));
        fixture.Handler.OnRequestsEnded();

        var header = Assert.Single(TraceParents(fixture.Answers[0]));
        Assert.True(TraceParent.TryParse(Encoding.ASCII.GetBytes(header), out _));
        Assert.EndsWith(flags, header);
        Assert.Equal(ratio > 0 ? ["gateway.request"] : [], spans.Ended.Select(span => span.OperationName));
    }

    [Fact]
    public void Call_NobodyListens_SetsNoHeader()
    {
        using var tracing = Tracing(ratio: 1);
        using var fixture = new ExtProcFixture(tracing, "10.0.0.1:8000");

        fixture.Send(ExtProcFixture.Headers());
        fixture.Send(ExtProcFixture.Body("""{"model":"m","prompt":"p"}"""));

        Assert.Empty(TraceParents(fixture.Answers[0]));
    }

    [Fact]
    public void Call_Refused_SaysWhy()
    {
        using var spans = new SpanRecorder();
        using var tracing = Tracing(ratio: 1);
        using var fixture = new ExtProcFixture(tracing);

        fixture.Send(ExtProcFixture.Headers());
        fixture.Send(ExtProcFixture.Body("""{"model":"m","prompt":"p"}"""));

        var span = spans.Span("gateway.request");
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.False(string.IsNullOrEmpty(span.StatusDescription));
        Assert.Equal((ActivityStatusCode.Error, span.StatusDescription), (spans.Span("gateway.request_orchestration").Status, spans.Span("gateway.request_orchestration").StatusDescription));
    }

    [Fact]
    public void Call_ModelServerFails_IsAnError()
    {
        using var spans = new SpanRecorder();
        using var tracing = Tracing(ratio: 1);
        using var fixture = new ExtProcFixture(tracing, "10.0.0.1:8000");

        fixture.Send(ExtProcFixture.Headers());
        fixture.Send(ExtProcFixture.Body("""{"model":"m","prompt":"p"}"""));
        Respond(fixture, status: "503");
        fixture.Handler.OnRequestsEnded();

        Assert.Equal((ActivityStatusCode.Error, "ModelServerError"), (spans.Span("gateway.request").Status, spans.Span("gateway.request").StatusDescription));
    }

    [Theory]
    [InlineData(false, ActivityStatusCode.Error)]
    [InlineData(true, ActivityStatusCode.Unset)]
    public void Call_Aborted_IsAnErrorUnlessAllWasSaid(bool decided, ActivityStatusCode status)
    {
        using var spans = new SpanRecorder();
        using var tracing = Tracing(ratio: 1);
        using var fixture = new ExtProcFixture(tracing, "10.0.0.1:8000");

        fixture.Send(ExtProcFixture.Headers());
        if (decided)
        {
            fixture.Send(ExtProcFixture.Body("""{"model":"m","prompt":"p"}"""));
        }

        fixture.Handler.OnAborted(default);

        Assert.Equal(status, spans.Span("gateway.request").Status);
    }
}
