using System.Buffers;
using Orleans.Inference.ExtProcGateway.Decisions;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Tracing;
using Orleans.Inference.ExtProcGateway.View;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>One HTTP request as Envoy tells it over ext_proc, and the answers to it.</summary>
/// <remarks>Its halves are <see cref="RequestPhase"/> and <see cref="ResponsePhase"/>. Everything runs in the turn of the call's connection.</remarks>
internal sealed class ExtProcCall : Withholding, IGrpcCallHandler
{
    /// <summary>Messages from this size that lie in several pieces become a piece of the body as they are, instead of being copied twice.</summary>
    internal const int AdoptedMessage = 16 * 1024;

    [ThreadStatic]
    private static byte[]? _joined;

    private readonly GrpcServerCall _call;
    private readonly ExtProcServices _services;
    private readonly RequestPhase _request;
    private readonly ResponsePhase _response;
    private CallFigures _figures;
    private RequestBookings _bookings;
    private RequestTrace _trace;
    private bool _leaving;
    private bool _hasModes;

    public ExtProcCall(GrpcServerCall call, PoolState? pool, ExtProcServices services)
    {
        _call = call;
        _services = services;
        _request = new RequestPhase(this, call, pool, services);
        _response = new ResponsePhase(this, call, _request, services);
        _figures = services.NewFigures();
        _figures.Received();
        _services.Metrics.StreamOpened();
        _services.Streams?.Started();
    }

    /// <summary>What the call tells the metrics.</summary>
    public ref CallFigures Figures => ref _figures;

    /// <summary>The request's places on its model servers, given back at the end of the response or of the call at the latest.</summary>
    public ref RequestBookings Bookings => ref _bookings;

    /// <summary>The request's spans.</summary>
    public ref RequestTrace Trace => ref _trace;

    /// <summary>How the request's body comes; FULL_DUPLEX_STREAMED where the gateway does not say.</summary>
    public BodySendMode RequestMode { get; private set; } = BodySendMode.FullDuplexStreamed;

    /// <summary>The request's body comes as one message, once its headers are answered.</summary>
    public bool IsRequestBuffered => RequestMode is BodySendMode.Buffered or BodySendMode.BufferedPartial;

    /// <summary>How the response's body comes; FULL_DUPLEX_STREAMED where the gateway does not say.</summary>
    public BodySendMode ResponseMode { get; private set; } = BodySendMode.FullDuplexStreamed;

    /// <summary>The request's body comes without waiting for the answer to its headers, also in STREAMED mode.</summary>
    public bool BodyComesUnasked { get; private set; }

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
        if (_request.IsDeciding)
        {
            // All of the request is there: it is answered first, for clients that half-close behind their last message.
            _leaving = true;
            return;
        }

        // Envoy half-closes when its client has gone, and after the headers of a response whose body it does not send.
        Leave();
    }

    /// <inheritdoc/>
    public void OnAborted(GrpcAbort reason) => Finish(GrpcStatusCode.Cancelled);

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

        if (message.HasProtocolConfig && !_hasModes)
        {
            // Gateways say it once, with their first message; modes that changed in mid-stream would mix two ways of answering.
            _hasModes = true;
            (RequestMode, ResponseMode, BodyComesUnasked) = (message.RequestBodyMode, message.ResponseBodyMode, message.BodyComesUnasked);
        }

        Observed |= message.ObservabilityMode;
        switch (message.Kind)
        {
            case ProcessingKind.RequestHeaders:
                _request.OnHeaders(message.Payload, message.Metadata);
                return false;
            case ProcessingKind.RequestBody:
                return _request.OnBody(message.Payload, message.Metadata, rented);
            case ProcessingKind.RequestTrailers:
                _request.OnTrailers();
                return false;
            case ProcessingKind.ResponseHeaders:
                _response.OnHeaders(message.Payload, message.Metadata);
                return false;
            case ProcessingKind.ResponseBody:
                _response.OnBody(message.Payload);
                return false;
            case ProcessingKind.ResponseTrailers:
                _response.OnTrailers();
                return false;
            default:
                return false; // a message of a later protocol version asks for nothing that is known here
        }
    }

    /// <inheritdoc/>
    protected internal override void OnWithheldTooLong() => _call.Post(static call => call.GoOn(), this);

    private void GoOn()
    {
        if (IsOver || List is not null)
        {
            return; // the peer went on meanwhile
        }

        _request.OnTimeout();
        _response.OnTimeout();
    }

    /// <summary>Goes on without a change.</summary>
    public void Continue(ProcessingKind answerTo)
    {
        if (!Observed)
        {
            ProcessingAnswers.Continue(_call, answerTo);
        }
    }

    /// <summary>Lets the body come, whose answer will name the destination (BUFFERED).</summary>
    public void ContinueToBody()
    {
        if (!Observed)
        {
            ProcessingAnswers.ContinueToBody(_call);
        }
    }

    /// <summary>The request phase's answers are given.</summary>
    public void Answered()
    {
        if (_leaving)
        {
            Leave();
        }
    }

    /// <summary>Ends the call in good order: Envoy goes on without asking again.</summary>
    public void Leave()
    {
        Finish(GrpcStatusCode.Ok);
        _call.Complete(GrpcStatusCode.Ok);
    }

    /// <summary>Refuses the request and ends the call.</summary>
    public void Refuse(Refusal refusal)
    {
        _services.Metrics.Refused(refusal.Status);
        _figures.Failed(_request.Request, refusal.Code);
        _trace.End(refusal.Message);
        ExtProcLog.RequestRefused(_services.Log, _request.RequestId, refusal.Status, refusal.Message);
        if (!Observed)
        {
            ProcessingAnswers.Immediate(_call, refusal.Status, refusal.Text, refusal.DroppedReason);
        }

        Leave();
    }

    /// <summary>Ends the call because the gateway broke the protocol.</summary>
    public void Fail(string what)
    {
        _services.Metrics.Malformed();
        _trace.End(what);
        ExtProcLog.MalformedMessage(_services.Log, _call.Authority, what);
        Finish(GrpcStatusCode.Unknown);
        _call.Complete(GrpcStatusCode.Unknown, $"cannot receive stream request: {what}");
    }

    /// <summary>Gives back what the call holds, once.</summary>
    private void Finish(GrpcStatusCode status)
    {
        if (!IsOver)
        {
            IsOver = true;
            _bookings.Release();
            _figures.Ended();
            _services.Streams?.Ended(status, _figures.Age);
            _trace.End(_response.IsServerError ? ResponsePhase.ModelServerError : _request.IsDecided && !_response.IsUnderWay ? null : "the call ended before the request did");
            _services.Metrics.StreamClosed();
            _request.Release();
            _response.Release();
        }
    }
}
