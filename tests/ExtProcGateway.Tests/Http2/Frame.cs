using System.Buffers.Binary;
using Orleans.Inference.ExtProcGateway.Http2;

namespace Orleans.Inference.ExtProcGateway.Tests.Http2;

/// <summary>A frame made by hand, or one that was received.</summary>
internal sealed record Frame(Http2FrameType Type, byte Flags, int StreamId, byte[] Payload)
{
    public bool EndStream => Type is Http2FrameType.Data or Http2FrameType.Headers && (Flags & Http2FrameHeader.EndStream) != 0;

    public bool IsAck => Type is Http2FrameType.Settings or Http2FrameType.Ping && (Flags & Http2FrameHeader.Ack) != 0;

    /// <summary>Error code of RST_STREAM or GOAWAY.</summary>
    public Http2ErrorCode Code => (Http2ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(Payload.AsSpan(Type == Http2FrameType.GoAway ? 4 : 0));

    /// <summary>Increment of WINDOW_UPDATE, last stream of GOAWAY.</summary>
    public int Word => BinaryPrimitives.ReadInt32BigEndian(Payload);

    public static Frame Data(int streamId, byte[] payload, bool endStream = false) =>
        new(Http2FrameType.Data, endStream ? Http2FrameHeader.EndStream : (byte)0, streamId, payload);

    public static Frame Headers(int streamId, byte[] block, bool endStream = false, bool endHeaders = true) =>
        new(Http2FrameType.Headers, (byte)((endStream ? Http2FrameHeader.EndStream : 0) | (endHeaders ? Http2FrameHeader.EndHeaders : 0)), streamId, block);

    public static Frame Continuation(int streamId, byte[] block, bool endHeaders) =>
        new(Http2FrameType.Continuation, endHeaders ? Http2FrameHeader.EndHeaders : (byte)0, streamId, block);

    public static Frame Reset(int streamId, Http2ErrorCode code = Http2ErrorCode.Cancel) => new(Http2FrameType.RstStream, 0, streamId, BigEndian((uint)code));

    public static Frame WindowUpdate(int streamId, int increment) => new(Http2FrameType.WindowUpdate, 0, streamId, BigEndian((uint)increment));

    public static Frame Ping(ulong data = 1, bool ack = false)
    {
        var payload = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(payload, data);
        return new(Http2FrameType.Ping, ack ? Http2FrameHeader.Ack : (byte)0, 0, payload);
    }

    public static Frame Settings(params (ushort Id, uint Value)[] settings)
    {
        var payload = new byte[6 * settings.Length];
        for (var i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(6 * i), settings[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(6 * i + 2), settings[i].Value);
        }

        return new(Http2FrameType.Settings, 0, 0, payload);
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Http2FrameHeader.Size + Payload.Length];
        Http2FrameHeader.Write(bytes, Payload.Length, Type, Flags, StreamId);
        Payload.CopyTo(bytes, Http2FrameHeader.Size);
        return bytes;
    }

    public static byte[] BigEndian(uint word)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, word);
        return bytes;
    }
}
