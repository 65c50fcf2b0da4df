using System.Buffers;
using Orleans.Inference.ExtProcGateway.Decisions;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.View;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>One HTTP request as Envoy tells it over ext_proc, and the answers to it.</summary>
/// <remarks>The request's half is <see cref="RequestPhase"/>; the response is passed through. Everything runs in the turn of the call's connection.</remarks>
internal sealed class ExtProcCall : IGrpcCallHandler
{
    /// <summary>Messages from this size that lie in several pieces become a piece of the body as they are, instead of being copied twice.</summary>
    internal const int AdoptedMessage = 16 * 1024;

    [ThreadStatic]
    private static byte[]? _joined;

    private readonly GrpcServerCall _call;
    private readonly ExtProcServices _services;
    private readonly RequestPhase _request;
    private BodySendMode _responseMode = BodySendMode.FullDuplexStreamed;

    public ExtProcCall(GrpcServerCall call, PoolState? pool, ExtProcServices services)
    {
        _call = call;
        _services = services;
        _request = new RequestPhase(this, call, pool, services);
        _services.Metrics.StreamOpened();
    }

    /// <summary>How the request's body comes; FULL_DUPLEX_STREAMED where the gateway does not say.</summary>
    public BodySendMode RequestMode { get; private set; } = BodySendMode.FullDuplexStreamed;

    /// <summary>Envoy only shows the traffic: nothing is answered.</summary>
    public bool Observed { get; private set; }

    /// <summary>Nothing more is answered.</summary>
    public bool IsOver { get; private set; }

    /// <inheritdoc/>
    public void OnMessage(in ReadOnlySequence<byte> message)
    {
        if (message.IsSingleSegment)
        {
            OnMessage(message.FirstSpan, null);
        }
        else if (message.Length < AdoptedMessage)
        {
            var joined = _joined ??= new byte[AdoptedMessage];
            message.CopyTo(joined);
            OnMessage(joined.AsSpan(0, (int)message.Length), null);
        }
        else
        {
            var rented = ArrayPool<byte>.Shared.Rent((int)message.Length);
            message.CopyTo(rented);
            if (!OnMessage(rented.AsSpan(0, (int)message.Length), rented))
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <inheritdoc/>
    public void OnRequestsEnded()
    {
        // Envoy half-closes when its client has gone, and after the headers of a response whose body it does not send.
        Finish();
        _call.Complete(GrpcStatusCode.Ok);
    }

    /// <inheritdoc/>
    public void OnAborted(GrpcAbort reason) => Finish();

    /// <summary>Handles one message; true when its array became part of the body.</summary>
    private bool OnMessage(ReadOnlySpan<byte> bytes, byte[]? rented)
    {
        if (IsOver)
        {
            return false;
        }

        if (!ProcessingRequest.TryParse(bytes, out var message))
        {
            Fail("malformed ProcessingRequest");
            return false;
        }

        if (message.HasProtocolConfig)
        {
            (RequestMode, _responseMode) = (message.RequestBodyMode, message.ResponseBodyMode);
        }

        Observed |= message.ObservabilityMode;
        switch (message.Kind)
        {
            case ProcessingKind.RequestHeaders:
                _request.OnHeaders(message.Payload);
                return false;
            case ProcessingKind.RequestBody:
                return _request.OnBody(message.Payload, rented);
            case ProcessingKind.RequestTrailers:
                _request.OnTrailers();
                return false;
            case ProcessingKind.ResponseHeaders:
                OnResponseHeaders();
                return false;
            case ProcessingKind.ResponseBody:
                OnResponseBody(message.Payload);
                return false;
            case ProcessingKind.ResponseTrailers:
                Continue(ProcessingKind.ResponseTrailers);
                return false;
            default:
                return false; // a message of a later protocol version asks for nothing that is known here
        }
    }

    private void OnResponseHeaders()
    {
        if (!Observed)
        {
            ProcessingAnswers.ResponseHeaders(_call);
        }
    }

    private void OnResponseBody(ReadOnlySpan<byte> payload)
    {
        if (!HttpPart.TryParseBody(payload, out var part))
        {
            Fail("malformed HttpBody");
        }
        else if (_responseMode == BodySendMode.FullDuplexStreamed)
        {
            PassOn(part);
        }
        else
        {
            Continue(ProcessingKind.ResponseBody);
        }
    }

    /// <summary>Each piece goes on as it comes: nothing is held back, so a broken response breaks where the model server broke it.</summary>
    private void PassOn(in HttpPart part)
    {
        if (!Observed)
        {
            ProcessingAnswers.Body(_call, ProcessingKind.ResponseBody, part.Content, part.EndOfStream);
        }
    }

    /// <summary>Goes on without a change.</summary>
    public void Continue(ProcessingKind answerTo)
    {
        if (!Observed)
        {
            ProcessingAnswers.Continue(_call, answerTo);
        }
    }

    /// <summary>Refuses the request and ends the call.</summary>
    public void Refuse(Refusal refusal)
    {
        _services.Metrics.Refused(refusal.Status);
        ExtProcLog.RequestRefused(_services.Log, _request.RequestId, refusal.Status, refusal.Message);
        if (!Observed)
        {
            ProcessingAnswers.Immediate(_call, refusal.Status, refusal.Text, refusal.DroppedReason);
        }

        Finish();
        _call.Complete(GrpcStatusCode.Ok);
    }

    /// <summary>Ends the call because the gateway broke the protocol.</summary>
    public void Fail(string what)
    {
        _services.Metrics.Malformed();
        ExtProcLog.MalformedMessage(_services.Log, _call.Authority, what);
        Finish();
        _call.Complete(GrpcStatusCode.Unknown, $"cannot receive stream request: {what}");
    }

    /// <summary>Gives back what the call holds, once.</summary>
    private void Finish()
    {
        if (!IsOver)
        {
            IsOver = true;
            _services.Metrics.StreamClosed();
            _request.Release();
        }
    }
}
