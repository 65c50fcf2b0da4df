using System.Buffers;
using Orleans.Inference.ExtProcGateway.Decisions;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Tracing;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>Gives all answers of the request phase once a server is picked: to the headers, the body and the trailers, as the body mode wants them.</summary>
/// <remarks>
/// FULL_DUPLEX: headers with the destination, then the body in pieces, then the trailers. STREAMED: the same, with one answer for each message that carried the body.
/// BUFFERED: the headers were answered before, and the destination comes with the body's answer. NONE: the headers alone.
/// </remarks>
internal readonly struct RequestAnswers(ExtProcCall owner, GrpcServerCall call)
{
    /// <summary>Answers a request without a body.</summary>
    /// <param name="newRequestId">The id to give the request; empty where it has one.</param>
    public void GiveBodyless(in Decision decision, ReadOnlySpan<byte> newRequestId) =>
        ProcessingAnswers.Destination(call, ProcessingKind.RequestHeaders, NewAnswer(decision, newRequestId, stackalloc byte[TraceParent.Length]));

    /// <summary>Answers a request with a body.</summary>
    /// <param name="newRequestId">The id to give the request; empty where it has one.</param>
    /// <param name="echo">The received <c>HeaderMap</c>.</param>
    /// <param name="edited">The body is not what was received.</param>
    public void Give(in Decision decision, ReadOnlySpan<byte> newRequestId, ReadOnlySpan<byte> echo, in ReceivedBody body, bool edited)
    {
        var answer = NewAnswer(decision, newRequestId, stackalloc byte[TraceParent.Length]);
        if (owner.IsRequestBuffered)
        {
            // A body that is followed by trailers has no length of its own: with one set, they would not be forwarded.
            ProcessingAnswers.Destination(call, ProcessingKind.RequestBody, edited || !body.TrailersFollow ? answer with { Body = body.Content, ContentLength = body.WholeLength } : answer);
            return;
        }

        ProcessingAnswers.Destination(call, ProcessingKind.RequestHeaders, answer with { Echo = echo, ContentLength = body.WholeLength });
        if (owner.RequestMode == BodySendMode.Streamed)
        {
            AnswerEachMessage(body, edited);
        }
        else if (owner.RequestMode != BodySendMode.None)
        {
            ProcessingAnswers.Body(call, ProcessingKind.RequestBody, body.Content, endOfStream: !body.TrailersCame);
        }

        if (body.TrailersCame)
        {
            ProcessingAnswers.Continue(call, ProcessingKind.RequestTrailers);
        }
    }

    /// <summary>Each message goes on as it was, or, in the place of the first, the changed body.</summary>
    private void AnswerEachMessage(in ReceivedBody body, bool edited)
    {
        for (var i = 0; i < body.Messages; i++)
        {
            if (edited)
            {
                ProcessingAnswers.Replace(call, ProcessingKind.RequestBody, i == 0 ? body.Content : ReadOnlySequence<byte>.Empty, setLength: false);
            }
            else
            {
                ProcessingAnswers.Continue(call, ProcessingKind.RequestBody);
            }
        }
    }

    /// <summary>What every answer with a destination carries.</summary>
    /// <param name="traceParent">Room for the request's <c>traceparent</c>.</param>
    private DestinationAnswer NewAnswer(in Decision decision, ReadOnlySpan<byte> newRequestId, Span<byte> traceParent) =>
        new() { Decision = decision, NewRequestId = newRequestId, TraceParent = owner.Trace.TryWriteTraceParent(traceParent) ? traceParent : default };
}
