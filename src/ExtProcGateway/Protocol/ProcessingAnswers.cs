using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Orleans.Inference.ExtProcGateway.Decisions;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Protocol.Wire;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>Writes each kind of <c>ProcessingResponse</c> that the picker gives.</summary>
/// <remarks>Field numbers are those of <c>envoy.service.ext_proc.v3</c>, named where they are written.</remarks>
internal static class ProcessingAnswers
{
    /// <summary>Longest text of an immediate answer; longer ones are cut.</summary>
    private const int MaxText = 2048;

    private const int ScratchSize = 16 * 1024;

    /// <summary>What the fixed parts of an answer take at most: prefixes, the destination twice, the id, the length, the trace context.</summary>
    private const int FixedParts = 8 * 1024;

    /// <summary>Most that the score of one server takes: its address, a double, prefixes.</summary>
    private const int ScoreSize = 80;

    /// <summary>Most that a header takes beyond its name and value: prefixes.</summary>
    private const int HeaderSize = 32;

    [ThreadStatic]
    private static byte[]? _scratch;

    private static Span<byte> Scratch => _scratch ??= new byte[ScratchSize];

    /// <summary>The destination, in answer to the headers (FULL_DUPLEX and bodyless) or to the body (BUFFERED).</summary>
    public static void Destination(GrpcServerCall call, ProcessingKind answerTo, in DestinationAnswer answer)
    {
        var edits = answer.Decision.Edits?.Headers;
        var size = FixedParts + HeaderEcho.MaxSize(answer.Echo) + EditsSize(edits) + ScoresSize(answer.Decision) + (int)answer.Body.Length;
        var rented = size <= ScratchSize ? null : ArrayPool<byte>.Shared.Rent(size);
        var writer = new ReverseProtoWriter(rented ?? Scratch);
        WriteMetadata(ref writer, answer.Decision);

        var response = writer.Length;
        var common = writer.Length;
        writer.WriteVarint(5, 1); // CommonResponse.clear_route_cache
        if (!answer.Body.IsEmpty)
        {
            var body = writer.Length;
            writer.WriteBytes(1, answer.Body); // BodyMutation.body
            writer.EndMessage(3, body); // CommonResponse.body_mutation
        }

        var mutation = writer.Length;
        HeaderEcho.Write(ref writer, answer.Echo, lowerCase: true, replaced: answer.TraceParent.IsEmpty ? HeaderRole.Control : HeaderRole.TraceParent, edits: edits);
        WriteEdits(ref writer, edits);
        if (!answer.TraceParent.IsEmpty)
        {
            WriteSetHeader(ref writer, WellKnown.TraceParentHeader, answer.TraceParent);
        }

        if (!answer.NewRequestId.IsEmpty)
        {
            WriteSetHeader(ref writer, WellKnown.RequestIdHeader, answer.NewRequestId);
        }

        if (answer.ContentLength > 0)
        {
            Span<byte> digits = stackalloc byte[20];
            Utf8Formatter.TryFormat(answer.ContentLength, digits, out var count);
            WriteSetHeader(ref writer, WellKnown.ContentLengthHeader, digits[..count]);
        }

        WriteSetHeader(ref writer, WellKnown.DestinationHeader, answer.Decision.Destination);
        writer.EndMessage(2, mutation); // CommonResponse.header_mutation
        writer.EndMessage(1, common); // HeadersResponse.response, BodyResponse.response
        writer.EndMessage(AnswerField(answerTo), response);
        Send(call, writer.Written);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Answers the headers of a request whose body is still to come: BUFFERED, where the destination follows with the body's answer.</summary>
    public static void ContinueToBody(GrpcServerCall call)
    {
        var writer = new ReverseProtoWriter(Scratch);
        var response = writer.Length;
        var common = writer.Length;
        writer.WriteVarint(5, 1); // CommonResponse.clear_route_cache
        writer.EndMessage(1, common); // HeadersResponse.response
        writer.EndMessage(AnswerField(ProcessingKind.RequestHeaders), response);
        Send(call, writer.Written);
    }

    /// <summary>Goes on without a change; <paramref name="answerTo"/> says to what.</summary>
    /// <param name="metadata">The field <c>dynamic_metadata</c>; empty for none.</param>
    public static void Continue(GrpcServerCall call, ProcessingKind answerTo, ReadOnlySpan<byte> metadata = default)
    {
        var writer = new ReverseProtoWriter(metadata.Length <= FixedParts ? Scratch : new byte[FixedParts + metadata.Length]);
        writer.WriteFields(metadata);
        var response = writer.Length;
        if (answerTo is not (ProcessingKind.RequestTrailers or ProcessingKind.ResponseTrailers))
        {
            writer.WriteBytes(1, default); // an empty CommonResponse; a TrailersResponse has none
        }

        writer.EndMessage(AnswerField(answerTo), response);
        Send(call, writer.Written);
    }

    /// <summary>Answers the response's headers, with the mark that the picker has seen them, and repeats them.</summary>
    /// <param name="echo">The received <c>HeaderMap</c>.</param>
    /// <param name="edits">What plugins set or take away; null for nothing.</param>
    /// <param name="moreKey">A header to set besides; empty for none.</param>
    public static void ResponseHeaders(GrpcServerCall call, ReadOnlySpan<byte> echo, HeaderEdits? edits, ReadOnlySpan<byte> moreKey, ReadOnlySpan<byte> moreValue)
    {
        var size = FixedParts + HeaderEcho.MaxSize(echo) + EditsSize(edits);
        var rented = size <= ScratchSize ? null : ArrayPool<byte>.Shared.Rent(size);
        var writer = new ReverseProtoWriter(rented ?? Scratch);
        var response = writer.Length;
        var common = writer.Length;
        var mutation = writer.Length;
        HeaderEcho.Write(ref writer, echo, lowerCase: false, HeaderRole.ResponseSeen, moreKey.IsEmpty ? HeaderRole.Control : HeaderRole.ServedVerdict, edits);
        WriteEdits(ref writer, edits);
        if (!moreKey.IsEmpty)
        {
            WriteSetHeader(ref writer, moreKey, moreValue);
        }

        WriteSetHeader(ref writer, WellKnown.ResponseSeenHeader, "true"u8);
        writer.EndMessage(2, mutation);
        writer.EndMessage(1, common);
        writer.EndMessage(AnswerField(ProcessingKind.ResponseHeaders), response);
        Send(call, writer.Written);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Answers a piece of a body with a piece to put in its place (STREAMED, BUFFERED).</summary>
    /// <param name="setLength">Also set <c>content-length</c>, as Envoy wants it where a whole body (BUFFERED) changes its length.</param>
    /// <param name="metadata">The field <c>dynamic_metadata</c>; empty for none.</param>
    public static void Replace(GrpcServerCall call, ProcessingKind answerTo, in ReadOnlySequence<byte> body, bool setLength, ReadOnlySpan<byte> metadata = default)
    {
        var rented = ArrayPool<byte>.Shared.Rent(FixedParts + metadata.Length + (int)body.Length);
        var writer = new ReverseProtoWriter(rented);
        writer.WriteFields(metadata);
        var response = writer.Length;
        var common = writer.Length;
        var replacement = writer.Length;
        if (body.IsEmpty)
        {
            writer.WriteVarint(2, 1); // BodyMutation.clear_body
        }
        else
        {
            writer.WriteBytes(1, body); // BodyMutation.body
        }

        writer.EndMessage(3, replacement); // CommonResponse.body_mutation
        if (setLength)
        {
            Span<byte> digits = stackalloc byte[20];
            Utf8Formatter.TryFormat(body.Length, digits, out var count);
            var mutation = writer.Length;
            WriteSetHeader(ref writer, "content-length"u8, digits[..count]);
            writer.EndMessage(2, mutation); // CommonResponse.header_mutation
        }

        writer.EndMessage(1, common);
        writer.EndMessage(AnswerField(answerTo), response);
        Send(call, writer.Written);
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Hands a body on in pieces of at most <see cref="WellKnown.BodyChunkSize"/>; an empty body is one empty piece.</summary>
    /// <param name="endOfStream">Whether the last piece ends the stream.</param>
    /// <param name="metadata">The field <c>dynamic_metadata</c> of the last piece's answer; empty for none.</param>
    public static void Body(GrpcServerCall call, ProcessingKind answerTo, in ReadOnlySequence<byte> body, bool endOfStream, ReadOnlySpan<byte> metadata = default)
    {
        if (body.IsSingleSegment)
        {
            Body(call, answerTo, body.FirstSpan, endOfStream, metadata);
            return;
        }

        var rest = body;
        do
        {
            var piece = rest.Slice(0, Math.Min(WellKnown.BodyChunkSize, rest.Length));
            rest = rest.Slice(piece.End);
            piece.CopyTo(ReservePiece(call, answerTo, (int)piece.Length, endOfStream && rest.IsEmpty, rest.IsEmpty ? metadata : default));
            call.CommitMessage();
        }
        while (!rest.IsEmpty);
    }

    /// <inheritdoc cref="Body(GrpcServerCall, ProcessingKind, in ReadOnlySequence{byte}, bool, ReadOnlySpan{byte})"/>
    public static void Body(GrpcServerCall call, ProcessingKind answerTo, ReadOnlySpan<byte> body, bool endOfStream, ReadOnlySpan<byte> metadata = default)
    {
        do
        {
            var piece = body[..Math.Min(WellKnown.BodyChunkSize, body.Length)];
            body = body[piece.Length..];
            piece.CopyTo(ReservePiece(call, answerTo, piece.Length, endOfStream && body.IsEmpty, body.IsEmpty ? metadata : default));
            call.CommitMessage();
        }
        while (!body.IsEmpty);
    }

    /// <summary>Refuses the request with an HTTP status and a text.</summary>
    /// <param name="droppedReason">Value of the reason header; null sets none.</param>
    public static void Immediate(GrpcServerCall call, int status, string text, string? droppedReason)
    {
        var writer = new ReverseProtoWriter(Scratch);
        var response = writer.Length;
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.WriteBytes(3, bytes.AsSpan(0, Math.Min(bytes.Length, MaxText))); // ImmediateResponse.body
        if (droppedReason is not null)
        {
            var mutation = writer.Length;
            WriteSetHeader(ref writer, WellKnown.DroppedReasonHeader, Encoding.UTF8.GetBytes(droppedReason));
            writer.EndMessage(2, mutation); // ImmediateResponse.headers
        }

        var code = writer.Length;
        writer.WriteVarint(1, (ulong)status); // HttpStatus.code
        writer.EndMessage(1, code); // ImmediateResponse.status
        writer.EndMessage(7, response); // ProcessingResponse.immediate_response
        Send(call, writer.Written);
    }

    /// <summary>Answers have the numbers of what they answer in another order.</summary>
    private static int AnswerField(ProcessingKind answerTo) => answerTo switch
    {
        ProcessingKind.RequestHeaders => 1,
        ProcessingKind.ResponseHeaders => 2,
        ProcessingKind.RequestBody => 3,
        ProcessingKind.ResponseBody => 4,
        ProcessingKind.RequestTrailers => 5,
        ProcessingKind.ResponseTrailers => 6,
        _ => throw new ArgumentOutOfRangeException(nameof(answerTo), answerTo, null),
    };

    /// <summary><c>dynamic_metadata: { "envoy.lb": { "x-gateway-destination-endpoint": destination[, "…-scores": { address: score, … }] } }</c>.</summary>
    private static void WriteMetadata(ref ReverseProtoWriter writer, in Decision decision)
    {
        var metadata = writer.Length;
        var outerEntry = writer.Length;
        var outerValue = writer.Length;
        var inner = writer.Length;
        if (!decision.Scored.IsEmpty)
        {
            WriteScores(ref writer, decision);
        }

        var innerEntry = writer.Length;
        var innerValue = writer.Length;
        writer.WriteBytes(3, decision.Destination); // Value.string_value
        writer.EndMessage(2, innerValue);
        writer.WriteBytes(1, WellKnown.DestinationHeader);
        writer.EndMessage(1, innerEntry); // Struct.fields
        writer.EndMessage(5, inner); // Value.struct_value
        writer.EndMessage(2, outerValue);
        writer.WriteBytes(1, WellKnown.DestinationNamespace);
        writer.EndMessage(1, outerEntry); // Struct.fields
        writer.EndMessage(8, metadata); // ProcessingResponse.dynamic_metadata
    }

    private static void WriteScores(ref ReverseProtoWriter writer, in Decision decision)
    {
        var entry = writer.Length;
        var value = writer.Length;
        var scores = writer.Length;
        for (var i = decision.Scored.Length - 1; i >= 0; i--)
        {
            var field = writer.Length;
            var number = writer.Length;
            writer.WriteDouble(2, decision.Scores[i]); // Value.number_value
            writer.EndMessage(2, number);
            writer.WriteBytes(1, decision.View.Servers[decision.Scored[i]].AddressUtf8.Span);
            writer.EndMessage(1, field); // Struct.fields
        }

        writer.EndMessage(5, scores); // Value.struct_value
        writer.EndMessage(2, value);
        writer.WriteBytes(1, WellKnown.ScoresKey);
        writer.EndMessage(1, entry); // Struct.fields
    }

    private static int EditsSize(HeaderEdits? edits) => edits is null ? 0 : edits.Size + (edits.Count * HeaderSize);

    private static void WriteEdits(ref ReverseProtoWriter writer, HeaderEdits? edits)
    {
        for (var i = (edits?.Count ?? 0) - 1; i >= 0; i--)
        {
            var edit = edits![i];
            if (edit.IsRemoval)
            {
                writer.WriteBytes(2, edit.Name); // HeaderMutation.remove_headers
            }
            else
            {
                WriteSetHeader(ref writer, edit.Name, edit.Value);
            }
        }
    }

    private static int ScoresSize(in Decision decision) => decision.Scored.Length * ScoreSize;

    /// <summary>HeaderMutation.set_headers without an append action, which Envoy takes as «overwrite».</summary>
    internal static void WriteSetHeader(ref ReverseProtoWriter writer, scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value)
    {
        var option = writer.Length;
        var header = writer.Length;
        writer.WriteBytes(3, value); // HeaderValue.raw_value
        writer.WriteBytes(1, key);
        writer.EndMessage(1, header); // HeaderValueOption.header
        writer.EndMessage(1, option); // HeaderMutation.set_headers
    }

    /// <summary>Writes what surrounds <c>…response.body_mutation.streamed_response { body, end_of_stream }</c> and returns the room for the body.</summary>
    private static Span<byte> ReservePiece(GrpcServerCall call, ProcessingKind answerTo, int length, bool endOfStream, ReadOnlySpan<byte> metadata)
    {
        var streamed = (length == 0 ? 0 : 1 + VarintSize(length) + length) + (endOfStream ? 2 : 0);
        var mutation = 1 + VarintSize(streamed) + streamed;
        var common = 1 + VarintSize(mutation) + mutation;
        var response = 1 + VarintSize(common) + common;
        var total = 1 + VarintSize(response) + response;

        var message = call.ReserveMessage(total + metadata.Length);
        metadata.CopyTo(message[total..]);
        var at = 0;
        WritePrefix(message, ref at, AnswerField(answerTo), response);
        WritePrefix(message, ref at, 1, common); // BodyResponse.response
        WritePrefix(message, ref at, 3, mutation); // CommonResponse.body_mutation
        WritePrefix(message, ref at, 3, streamed); // BodyMutation.streamed_response
        if (endOfStream)
        {
            message[at++] = (2 << 3) | (int)WireType.Varint; // StreamedBodyResponse.end_of_stream
            message[at++] = 1;
        }

        if (length == 0)
        {
            return default;
        }

        WritePrefix(message, ref at, 1, length); // StreamedBodyResponse.body
        return message.Slice(at, length);
    }

    private static int VarintSize(int value) => ReverseProtoWriter.VarintSize((ulong)value);

    private static void WritePrefix(Span<byte> message, ref int at, int field, int length)
    {
        message[at++] = (byte)((field << 3) | (int)WireType.LengthDelimited);
        var value = (uint)length;
        for (; value >= 0x80; value >>= 7)
        {
            message[at++] = (byte)(value | 0x80);
        }

        message[at++] = (byte)value;
    }

    private static void Send(GrpcServerCall call, ReadOnlySpan<byte> message)
    {
        message.CopyTo(call.ReserveMessage(message.Length));
        call.CommitMessage();
    }
}
