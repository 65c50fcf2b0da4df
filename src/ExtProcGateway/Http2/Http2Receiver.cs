using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using Orleans.Inference.ExtProcGateway.Http2.Hpack;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>The receiving half of a connection: reads frames, checks them against RFC 9113, and hands them to streams.</summary>
/// <remarks>Used in the connection's turn only. Methods that return false have ended the connection with <see cref="Error"/>.</remarks>
internal sealed class Http2Receiver(Http2Connection connection, Http2StreamTable streams)
{
    private readonly Http2ConnectionLimits _limits = connection.Limits;
    private readonly Http2Sender _sender = connection.Sender;
    private readonly Http2Output _output = connection.Sender.Output;
    private readonly HpackDecoder _hpack = new(Http2ConnectionLimits.HeaderTableSize, connection.Limits.MaxHeaderListSize);
    private readonly Http2RequestHeaders _headers = new();
    private readonly Http2HeaderBlock _block = new();
    private int _receiveWindow = connection.Limits.ConnectionWindow;
    private bool _prefaceRead;
    private bool _settingsRead;

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>What the peer did wrong; the reason goes into GOAWAY for its operator.</summary>
    public (Http2ErrorCode Code, string Reason) Error { get; private set; }

    public Http2AbuseBudget Budget { get; } = new(connection.Limits);

    /// <summary>Frames read since the start.</summary>
    public long Frames { get; private set; }

    /// <summary>The peer owes us the rest of its preface or of a header block.</summary>
    public bool Incomplete => !_settingsRead || _block.StreamId != 0;

    /// <summary>Reads all whole frames and takes them off <paramref name="buffer"/>.</summary>
    public bool Read(ref ReadOnlySequence<byte> buffer)
    {
        if (!_prefaceRead && !ReadPreface(ref buffer))
        {
            return Error.Code == Http2ErrorCode.NoError;
        }

        var remaining = buffer.Length;
        while (remaining >= Http2FrameHeader.Size)
        {
            var header = Http2FrameHeader.Read(buffer);
            if (header.Length > Http2ConnectionLimits.MaxFrameSize)
            {
                return Fail(Http2ErrorCode.FrameSizeError, "frame larger than SETTINGS_MAX_FRAME_SIZE");
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
            return Fail(Http2ErrorCode.ProtocolError, "no HTTP/2 connection preface");
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
        if (_block.StreamId != 0 && (header.Type != Http2FrameType.Continuation || header.StreamId != _block.StreamId))
        {
            return Fail(Http2ErrorCode.ProtocolError, "a frame between HEADERS and its CONTINUATION");
        }

        if (!_settingsRead)
        {
            if (header.Type != Http2FrameType.Settings || header.Has(Http2FrameHeader.Ack))
            {
                return Fail(Http2ErrorCode.ProtocolError, "the first frame is not SETTINGS");
            }

            _settingsRead = true;
        }

        return header.Type switch
        {
            Http2FrameType.Data => OnData(header, payload),
            Http2FrameType.Headers => OnHeaders(header, payload),
            Http2FrameType.Priority => OnPriority(header, payload),
            Http2FrameType.RstStream => OnReset(header),
            Http2FrameType.Settings => OnSettings(header, payload),
            Http2FrameType.PushPromise => Fail(Http2ErrorCode.ProtocolError, "PUSH_PROMISE from a client"),
            Http2FrameType.Ping => OnPing(header, payload),
            Http2FrameType.GoAway => header.StreamId == 0 ? Spend(1) : Fail(Http2ErrorCode.ProtocolError, "GOAWAY on a stream"),
            Http2FrameType.WindowUpdate => OnWindowUpdate(header, payload),
            Http2FrameType.Continuation => OnContinuation(header, payload),
            _ => Spend(1),
        };
    }

    private bool OnData(Http2FrameHeader header, ReadOnlySequence<byte> payload)
    {
        if (header.StreamId == 0 || IsIdle(header.StreamId))
        {
            return Fail(Http2ErrorCode.ProtocolError, "DATA on stream 0 or an idle stream");
        }

        if (header.Has(Http2FrameHeader.Padded) && !TryUnpad(ref payload))
        {
            return Fail(Http2ErrorCode.ProtocolError, "padding longer than the frame");
        }

        if (header.Length > _receiveWindow)
        {
            return Fail(Http2ErrorCode.FlowControlError, "more DATA than the connection's window");
        }

        // What arrives is used or dropped at once, so the connection's window opens again in any case; a stream's own is what holds a peer back.
        _receiveWindow -= header.Length;
        var owed = _limits.ConnectionWindow - _receiveWindow;
        if (owed >= _limits.ConnectionWindow / 4)
        {
            _receiveWindow += owed;
            _output.WriteWindowUpdate(0, owed);
        }

        var endStream = header.Has(Http2FrameHeader.EndStream);
        if (payload.Length < TinyData && !endStream && !Spend(1))
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

    /// <summary>Frames of DATA below this size without the end of a stream cost a little of the abuse budget; whole messages in them earn it back.</summary>
    private const int TinyData = 128;

    private bool OnHeaders(Http2FrameHeader header, ReadOnlySequence<byte> payload)
    {
        if ((header.StreamId & 1) == 0)
        {
            return Fail(Http2ErrorCode.ProtocolError, "HEADERS on a stream that is not the client's");
        }

        if (header.Has(Http2FrameHeader.Padded) && !TryUnpad(ref payload))
        {
            return Fail(Http2ErrorCode.ProtocolError, "padding longer than the frame");
        }

        if (header.Has(Http2FrameHeader.Priority))
        {
            if (payload.Length < 5)
            {
                return Fail(Http2ErrorCode.FrameSizeError, "HEADERS too short for its priority");
            }

            if (ReadWord(payload) == header.StreamId)
            {
                return Fail(Http2ErrorCode.ProtocolError, "a stream that depends on itself");
            }

            payload = payload.Slice(5);
        }

        var endStream = header.Has(Http2FrameHeader.EndStream);
        _block.Begin(header.StreamId, endStream);
        if (!header.Has(Http2FrameHeader.EndHeaders))
        {
            _block.Append(payload);
            return true;
        }

        if (payload.IsSingleSegment)
        {
            return OnBlock(payload.FirstSpan);
        }

        _block.Append(payload);
        return OnBlock(_block.Bytes);
    }

    private bool OnContinuation(Http2FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        if (_block.StreamId == 0)
        {
            return Fail(Http2ErrorCode.ProtocolError, "CONTINUATION without HEADERS");
        }

        if (_block.Length + payload.Length > _limits.MaxHeaderListSize + Http2ConnectionLimits.MaxFrameSize)
        {
            return Fail(Http2ErrorCode.EnhanceYourCalm, "header block too large");
        }

        _block.Append(payload);
        return Spend(1) && (!header.Has(Http2FrameHeader.EndHeaders) || OnBlock(_block.Bytes));
    }

    /// <summary>A whole header block: it is decoded in any case, or the table would be wrong for the next one.</summary>
    private bool OnBlock(ReadOnlySpan<byte> block)
    {
        var id = _block.StreamId;
        var trailers = streams.TryGet(id, out var stream);
        _headers.Begin(trailers);
        var result = _hpack.Decode(block, _headers);
        _headers.End();
        _block.End();
        if (result == HpackResult.Malformed)
        {
            return Fail(Http2ErrorCode.CompressionError, "malformed header block");
        }

        if (!Spend(HeadersCost))
        {
            return false;
        }

        if (stream is not null)
        {
            OnTrailers(stream);
            return true;
        }

        return IsIdle(id) ? OnRequest(id, result) : streams.WasResetHere(id) || Fail(Http2ErrorCode.StreamClosed, "HEADERS on a closed stream");
    }

    /// <summary>What a request costs of the abuse budget; its first message earns more.</summary>
    private const int HeadersCost = 2;

    private bool OnRequest(int id, HpackResult result)
    {
        streams.LastId = id;
        if (connection.RefusesStreams || streams.Count >= _limits.MaxStreams)
        {
            Refuse(id, Http2ErrorCode.RefusedStream);
        }
        else if (result == HpackResult.ListTooLarge)
        {
            connection.WriteHeaderBlock(id, HeadersTooLarge, endStream: true);
            if (!_block.EndStream)
            {
                Refuse(id, Http2ErrorCode.NoError);
            }
        }
        else if (_headers.Malformed || (_block.EndStream && _headers.ContentLength > 0))
        {
            Refuse(id, Http2ErrorCode.ProtocolError);
        }
        else
        {
            streams.Open(id, _block.EndStream, _headers);
        }

        return true;
    }

    /// <summary><c>:status 431</c>.</summary>
    private static ReadOnlySpan<byte> HeadersTooLarge => [0x08, 0x03, (byte)'4', (byte)'3', (byte)'1'];

    private void Refuse(int id, Http2ErrorCode code)
    {
        streams.RememberReset(id);
        _output.WriteReset(id, code);
    }

    private void OnTrailers(Http2Stream stream)
    {
        if (stream.RequestEnded)
        {
            stream.Reset(Http2ErrorCode.StreamClosed);
            return;
        }

        var error = _block.EndStream && !_headers.Malformed ? stream.ReceiveTrailers() : Http2ErrorCode.ProtocolError;
        if (error != Http2ErrorCode.NoError)
        {
            stream.Reset(error);
        }
    }

    private bool OnPriority(Http2FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        if (header.StreamId == 0)
        {
            return Fail(Http2ErrorCode.ProtocolError, "PRIORITY on stream 0");
        }

        if (header.Length != 5 || ReadWord(payload) == header.StreamId)
        {
            var code = header.Length != 5 ? Http2ErrorCode.FrameSizeError : Http2ErrorCode.ProtocolError;
            if (streams.TryGet(header.StreamId, out var stream))
            {
                stream.Reset(code);
            }
            else
            {
                _output.WriteReset(header.StreamId, code);
            }
        }

        return Spend(1);
    }

    private bool OnReset(Http2FrameHeader header)
    {
        if (header.Length != 4)
        {
            return Fail(Http2ErrorCode.FrameSizeError, "RST_STREAM of a wrong size");
        }

        if (header.StreamId == 0 || IsIdle(header.StreamId))
        {
            return Fail(Http2ErrorCode.ProtocolError, "RST_STREAM on stream 0 or an idle stream");
        }

        if (!streams.TryGet(header.StreamId, out var stream))
        {
            return Spend(1);
        }

        var useful = stream.Useful;
        streams.Close(stream, Http2StreamEnd.ResetByPeer);
        return useful || Spend(UselessStreamCost);
    }

    /// <summary>What a stream costs that is reset before it said anything ("rapid reset").</summary>
    private const int UselessStreamCost = 2;

    private bool OnSettings(Http2FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        if (header.StreamId != 0)
        {
            return Fail(Http2ErrorCode.ProtocolError, "SETTINGS on a stream");
        }

        if (header.Has(Http2FrameHeader.Ack))
        {
            return header.Length == 0 ? Spend(1) : Fail(Http2ErrorCode.FrameSizeError, "SETTINGS acknowledgement with a payload");
        }

        if (header.Length % Http2PeerSettings.EntrySize != 0)
        {
            return Fail(Http2ErrorCode.FrameSizeError, "SETTINGS of a wrong size");
        }

        var before = _sender.Peer.InitialWindow;
        Span<byte> entry = stackalloc byte[Http2PeerSettings.EntrySize];
        for (var rest = payload; !rest.IsEmpty; rest = rest.Slice(Http2PeerSettings.EntrySize))
        {
            rest.Slice(0, Http2PeerSettings.EntrySize).CopyTo(entry);
            var error = _sender.Peer.Apply(entry);
            if (error != Http2ErrorCode.NoError)
            {
                return Fail(error, "SETTINGS value out of range");
            }
        }

        var change = _sender.Peer.InitialWindow - before;
        if (change != 0 && !streams.TryChangeSendWindows(change))
        {
            return Fail(Http2ErrorCode.FlowControlError, "a window grows beyond 2^31-1");
        }

        // A change of the window touches every stream.
        _output.WriteSettingsAck();
        return Spend(change != 0 ? 2 + streams.Count / 16 : 2);
    }

    private bool OnPing(Http2FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        if (header.StreamId != 0)
        {
            return Fail(Http2ErrorCode.ProtocolError, "PING on a stream");
        }

        if (header.Length != 8)
        {
            return Fail(Http2ErrorCode.FrameSizeError, "PING of a wrong size");
        }

        Span<byte> data = stackalloc byte[8];
        payload.CopyTo(data);
        var word = BinaryPrimitives.ReadUInt64BigEndian(data);
        if (header.Has(Http2FrameHeader.Ack))
        {
            connection.OnPingAnswered(word);
        }
        else
        {
            _output.WritePing(word, ack: true);
        }

        return Spend(1);
    }

    private bool OnWindowUpdate(Http2FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        if (header.Length != 4)
        {
            return Fail(Http2ErrorCode.FrameSizeError, "WINDOW_UPDATE of a wrong size");
        }

        var increment = ReadWord(payload);
        if (header.StreamId == 0)
        {
            _sender.Window += increment;
            return increment == 0 ? Fail(Http2ErrorCode.ProtocolError, "WINDOW_UPDATE of 0")
                : _sender.Window > Http2Sender.MaxWindow ? Fail(Http2ErrorCode.FlowControlError, "the connection's window grows beyond 2^31-1")
                : Spend(1);
        }

        if (IsIdle(header.StreamId))
        {
            return Fail(Http2ErrorCode.ProtocolError, "WINDOW_UPDATE on an idle stream");
        }

        if (streams.TryGet(header.StreamId, out var stream))
        {
            if (increment == 0)
            {
                stream.Reset(Http2ErrorCode.ProtocolError);
            }
            else if (!stream.TryChangeSendWindow(increment))
            {
                stream.Reset(Http2ErrorCode.FlowControlError);
            }
        }

        return Spend(1);
    }

    /// <summary>DATA of a stream that is no more: what was under way when we reset it is ignored, all else is the peer's mistake.</summary>
    private bool OnClosedStream(int id)
    {
        if (!streams.WasResetHere(id))
        {
            Refuse(id, Http2ErrorCode.StreamClosed);
        }

        return Spend(1);
    }

    private bool IsIdle(int id) => id > streams.LastId || (id & 1) == 0;

    private static bool TryUnpad(ref ReadOnlySequence<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return false;
        }

        var padding = payload.FirstSpan.IsEmpty ? payload.ToArray()[0] : payload.FirstSpan[0];
        if (padding >= payload.Length)
        {
            return false;
        }

        payload = payload.Slice(1, payload.Length - 1 - padding);
        return true;
    }

    /// <summary>31 bits from the payload's beginning.</summary>
    private static int ReadWord(in ReadOnlySequence<byte> payload)
    {
        Debug.Assert(payload.Length >= 4);
        Span<byte> bytes = stackalloc byte[4];
        payload.Slice(0, 4).CopyTo(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes) & 0x7fffffff;
    }

    private bool Spend(int cost) => Budget.TrySpend(cost) || Fail(Http2ErrorCode.EnhanceYourCalm, "too many frames without use");

    private bool Fail(Http2ErrorCode code, string reason)
    {
        Error = (code, reason);
        return false;
    }
}
