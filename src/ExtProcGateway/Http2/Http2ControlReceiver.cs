using System.Buffers;
using System.Buffers.Binary;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>Receives the frames that carry no request: SETTINGS, PING, WINDOW_UPDATE, PRIORITY.</summary>
internal sealed class Http2ControlReceiver(Http2Connection connection, Http2StreamTable streams, Http2Conduct conduct)
{
    public bool OnSettings(Http2FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        if (header.StreamId != 0)
        {
            return conduct.Fail(Http2ErrorCode.ProtocolError, "SETTINGS on a stream");
        }

        if (header.Has(Http2FrameHeader.Ack))
        {
            return header.Length == 0 ? conduct.Spend(1) : conduct.Fail(Http2ErrorCode.FrameSizeError, "SETTINGS acknowledgement with a payload");
        }

        if (header.Length % Http2PeerSettings.EntrySize != 0)
        {
            return conduct.Fail(Http2ErrorCode.FrameSizeError, "SETTINGS of a wrong size");
        }

        var before = connection.Sender.Peer.InitialWindow;
        Span<byte> entry = stackalloc byte[Http2PeerSettings.EntrySize];
        for (var rest = payload; !rest.IsEmpty; rest = rest.Slice(Http2PeerSettings.EntrySize))
        {
            rest.Slice(0, Http2PeerSettings.EntrySize).CopyTo(entry);
            var error = connection.Sender.Peer.Apply(entry);
            if (error != Http2ErrorCode.NoError)
            {
                return conduct.Fail(error, "SETTINGS value out of range");
            }
        }

        var change = connection.Sender.Peer.InitialWindow - before;
        if (change != 0 && !streams.TryChangeSendWindows(change))
        {
            return conduct.Fail(Http2ErrorCode.FlowControlError, "a window grows beyond 2^31-1");
        }

        // A change of the window touches every stream.
        connection.Sender.Output.WriteSettingsAck();
        return conduct.Spend(change != 0 ? 2 + streams.Count / 16 : 2);
    }

    public bool OnPing(Http2FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        if (header.StreamId != 0)
        {
            return conduct.Fail(Http2ErrorCode.ProtocolError, "PING on a stream");
        }

        if (header.Length != 8)
        {
            return conduct.Fail(Http2ErrorCode.FrameSizeError, "PING of a wrong size");
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
            connection.Sender.Output.WritePing(word, ack: true);
        }

        return conduct.Spend(1);
    }

    public bool OnWindowUpdate(Http2FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        if (header.Length != 4)
        {
            return conduct.Fail(Http2ErrorCode.FrameSizeError, "WINDOW_UPDATE of a wrong size");
        }

        var increment = Http2Payload.ReadWord(payload);
        if (header.StreamId == 0)
        {
            connection.Sender.Window += increment;
            return increment == 0 ? conduct.Fail(Http2ErrorCode.ProtocolError, "WINDOW_UPDATE of 0")
                : connection.Sender.Window > Http2Sender.MaxWindow ? conduct.Fail(Http2ErrorCode.FlowControlError, "the connection's window grows beyond 2^31-1")
                : conduct.Spend(1);
        }

        if (streams.IsIdle(header.StreamId))
        {
            return conduct.Fail(Http2ErrorCode.ProtocolError, "WINDOW_UPDATE on an idle stream");
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

        return conduct.Spend(1);
    }

    public bool OnPriority(Http2FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        if (header.StreamId == 0)
        {
            return conduct.Fail(Http2ErrorCode.ProtocolError, "PRIORITY on stream 0");
        }

        if (header.Length != 5 || Http2Payload.ReadWord(payload) == header.StreamId)
        {
            var code = header.Length != 5 ? Http2ErrorCode.FrameSizeError : Http2ErrorCode.ProtocolError;
            if (streams.TryGet(header.StreamId, out var stream))
            {
                stream.Reset(code);
            }
            else
            {
                connection.Sender.Output.WriteReset(header.StreamId, code);
            }
        }

        return conduct.Spend(1);
    }
}
