using System.Diagnostics;
using Orleans.Inference.ExtProcGateway.Responses;
using Orleans.Inference.Picking;

namespace Orleans.Inference.ExtProcGateway.Tracing;

/// <summary>The spans of one request: <c>gateway.request</c>, and <c>gateway.request_orchestration</c> around the decision.</summary>
/// <remarks>
/// A mutable struct, for a field of the request's call; its methods in the order of the request, one at a time, from any thread. <c>default</c> is a request that is not traced: each
/// method is then a comparison with null.
/// </remarks>
internal struct RequestTrace
{
    private readonly RequestTracing? _unsampled;
    private Activity? _request;
    private Activity? _orchestration;

    /// <summary>A request that is recorded.</summary>
    public RequestTrace(Activity request) => _request = request;

    /// <summary>A request that begins a trace and is not recorded.</summary>
    public RequestTrace(RequestTracing tracing) => _unsampled = tracing;

    /// <summary>Spans are recorded.</summary>
    public readonly bool IsRecording => _request is not null;

    /// <summary>
    /// Writes the <c>traceparent</c> that the model server gets, <see cref="TraceParent.Length"/> bytes. False where the request's own header, if there is one, goes on as
    /// it is; <c>tracestate</c> and <c>baggage</c> always do.
    /// </summary>
    public readonly bool TryWriteTraceParent(Span<byte> destination)
    {
        if (_request is not null)
        {
            TraceParent.Write(_request, destination);
            return true;
        }

        _unsampled?.WriteUnsampled(destination);
        return _unsampled is not null;
    }

    /// <summary>The request is whole: what follows until <see cref="EndOrchestration"/> is the decision, whose spans find their parent in the request.</summary>
    public void StartOrchestration(InferenceRequest request)
    {
        if (_request is not null)
        {
            _request.SetTag("gen_ai.request.id", request.RequestId).SetTag("gen_ai.request.model", request.IncomingModel);
            request.Trace = _orchestration = RequestTracing.StartSpan("gateway.request_orchestration", _request.Context);
        }
    }

    /// <summary>The decision has been made, or the request refused for the reason given.</summary>
    public void EndOrchestration(InferenceRequest request, string? refused)
    {
        if (_orchestration is { } span)
        {
            span.SetTag("gen_ai.request.id", request.RequestId)
                .SetTag("gen_ai.request.model", request.TargetModel)
                .SetTag("target_model", request.TargetModel)
                .SetTag("request_prio", request.Priority);
            SetError(span, refused);
            RequestTracing.EndSpan(span);
            request.Trace = _orchestration = null;
        }
    }

    /// <summary>The response is complete, and has said what it used or nothing.</summary>
    public readonly void SetUsage(in UsageReader response)
    {
        if (_request is not null && response.HasUsage)
        {
            var usage = response.Usage;
            _request.SetTag("gen_ai.usage.input_tokens", usage.Prompt).SetTag("gen_ai.usage.output_tokens", usage.Completion);
        }
    }

    /// <summary>The request is over: complete, or failed for the reason given. May be called again.</summary>
    public void End(string? error)
    {
        if (_request is { } span)
        {
            if (_orchestration is { } orchestration)
            {
                SetError(orchestration, error);
                RequestTracing.EndSpan(orchestration);
                _orchestration = null;
            }

            SetError(span, error);
            RequestTracing.EndSpan(span);
            _request = null;
        }
    }

    private static void SetError(Activity span, string? error)
    {
        if (error is not null)
        {
            span.SetStatus(ActivityStatusCode.Error, error);
        }
    }
}
