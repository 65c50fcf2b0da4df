using System.Buffers;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>The receiving half of a connection: reads frames, checks them against RFC 9113, and hands them to streams.</summary>
/// <remarks>Used in the connection's turn only. Methods that return false have ended the connection with <see cref="Http2Conduct.Error"/>.</remarks>
internal sealed class Http2Receiver(Http2Connection connection, Http2StreamTable streams, Http2Conduct conduct)
{
    /// <summary>Frames of DATA below this size without the end of a stream cost a little of the abuse budget; whole messages in them earn it back.</summary>
    private const int TinyData = 128;

    /// <summary>What a stream costs that is reset before it said anything ("rapid reset").</summary>
    private const int UselessStreamCost = 2;

    private readonly Http2ConnectionLimits _limits = connection.Limits;
    private readonly Http2HeaderReceiver _headers = new(connection, streams, conduct);
    private readonly Http2ControlReceiver _control = new(connection, streams, conduct);
    private int _receiveWindow = connection.Limits.ConnectionWindow;
    private bool _prefaceRead;
    private bool _settingsRead;

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Frames read since the start.</summary>
    public long Frames { get; private set; }

    /// <summary>The peer owes us the rest of its preface or of a header block.</summary>
    public bool Incomplete => !_settingsRead || _headers.IncompleteStream != 0;

    /// <summary>Reads all whole frames and takes them off <paramref name="buffer"/>.</summary>
    public bool Read(ref ReadOnlySequence<byte> buffer)
    {
        if (!_prefaceRead && !ReadPreface(ref buffer))
        {
            return !conduct.Failed;
        }

        var remaining = buffer.Length;
        while (remaining >= Http2FrameHeader.Size)
        {
            var header = Http2FrameHeader.Read(buffer);
            if (header.Length > Http2ConnectionLimits.MaxFrameSize)
            {
                return conduct.Fail(Http2ErrorCode.FrameSizeError, "frame larger than SETTINGS_MAX_FRAME_SIZE");
            }

            var size = Http2FrameHeader.Size + header.Length;
            if (remaining < size)
            {
                break;
            }

            Frames++;
            if (!OnFrame(header, buffer.Slice(Http2FrameHeader.Size, header.Length)))
            {
                return false;
            }

            buffer = buffer.Slice(size);
            remaining -= size;
        }

        return true;
    }

    private bool ReadPreface(ref ReadOnlySequence<byte> buffer)
    {
        Span<byte> bytes = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(buffer.Length, Preface.Length);
        buffer.Slice(0, length).CopyTo(bytes);
        if (!Preface.StartsWith(bytes[..length]))
        {
            return conduct.Fail(Http2ErrorCode.ProtocolError, "no HTTP/2 connection preface");
        }

        if (length < Preface.Length)
        {
            return false;
        }

        buffer = buffer.Slice(length);
        _prefaceRead = true;
        return true;
    }

    private bool OnFrame(Http2FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        if (_headers.IncompleteStream != 0 && (header.Type != Http2FrameType.Continuation || header.StreamId != _headers.IncompleteStream))
        {
            return conduct.Fail(Http2ErrorCode.ProtocolError, "a frame between HEADERS and its CONTINUATION");
        }

        if (!_settingsRead)
        {
            if (header.Type != Http2FrameType.Settings || header.Has(Http2FrameHeader.Ack))
            {
                return conduct.Fail(Http2ErrorCode.ProtocolError, "the first frame is not SETTINGS");
            }

            _settingsRead = true;
        }

        return header.Type switch
        {
            Http2FrameType.Data => OnData(header, payload),
            Http2FrameType.Headers => _headers.OnHeaders(header, payload),
            Http2FrameType.Priority => _control.OnPriority(header, payload),
            Http2FrameType.RstStream => OnReset(header),
            Http2FrameType.Settings => _control.OnSettings(header, payload),
            Http2FrameType.PushPromise => conduct.Fail(Http2ErrorCode.ProtocolError, "PUSH_PROMISE from a client"),
            Http2FrameType.Ping => _control.OnPing(header, payload),
            Http2FrameType.GoAway => header.StreamId == 0 ? conduct.Spend(1) : conduct.Fail(Http2ErrorCode.ProtocolError, "GOAWAY on a stream"),
            Http2FrameType.WindowUpdate => _control.OnWindowUpdate(header, payload),
            Http2FrameType.Continuation => _headers.OnContinuation(header, payload),
            _ => conduct.Spend(1),
        };
    }

    private bool OnData(Http2FrameHeader header, ReadOnlySequence<byte> payload)
    {
        if (header.StreamId == 0 || streams.IsIdle(header.StreamId))
        {
            return conduct.Fail(Http2ErrorCode.ProtocolError, "DATA on stream 0 or an idle stream");
        }

        if (header.Has(Http2FrameHeader.Padded) && !Http2Payload.TryUnpad(ref payload))
        {
            return conduct.Fail(Http2ErrorCode.ProtocolError, "padding longer than the frame");
        }

        if (header.Length > _receiveWindow)
        {
            return conduct.Fail(Http2ErrorCode.FlowControlError, "more DATA than the connection's window");
        }

        // What arrives is used or dropped at once, so the connection's window opens again in any case; a stream's own is what holds a peer back.
        _receiveWindow -= header.Length;
        var owed = _limits.ConnectionWindow - _receiveWindow;
        if (owed >= _limits.ConnectionWindow / 4)
        {
            _receiveWindow += owed;
            connection.Sender.Output.WriteWindowUpdate(0, owed);
        }

        var endStream = header.Has(Http2FrameHeader.EndStream);
        if (payload.Length < TinyData && !endStream && !conduct.Spend(1))
        {
            return false;
        }

        if (!streams.TryGet(header.StreamId, out var stream))
        {
            return OnClosedStream(header.StreamId);
        }

        if (stream.RequestEnded)
        {
            stream.Reset(Http2ErrorCode.StreamClosed);
            return true;
        }

        var error = stream.Receive(payload, header.Length, endStream);
        if (error != Http2ErrorCode.NoError)
        {
            stream.Reset(error);
        }

        return true;
    }

    private bool OnReset(Http2FrameHeader header)
    {
        if (header.Length != 4)
        {
            return conduct.Fail(Http2ErrorCode.FrameSizeError, "RST_STREAM of a wrong size");
        }

        if (header.StreamId == 0 || streams.IsIdle(header.StreamId))
        {
            return conduct.Fail(Http2ErrorCode.ProtocolError, "RST_STREAM on stream 0 or an idle stream");
        }

        if (!streams.TryGet(header.StreamId, out var stream))
        {
            return conduct.Spend(1);
        }

        var useful = stream.Useful;
        streams.Close(stream, Http2StreamEnd.ResetByPeer);
        return useful || conduct.Spend(UselessStreamCost);
    }

    /// <summary>DATA of a stream that is no more: what was under way when we reset it is ignored, all else is the peer's mistake.</summary>
    private bool OnClosedStream(int id)
    {
        if (!streams.WasResetHere(id))
        {
            streams.Refuse(id, Http2ErrorCode.StreamClosed);
        }

        return conduct.Spend(1);
    }

}
