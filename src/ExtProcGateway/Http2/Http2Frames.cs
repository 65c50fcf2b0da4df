using System.Buffers.Binary;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>Writes the frames that carry no payload of an application.</summary>
internal static class Http2Frames
{
    public static void WriteSettings(this Http2Output output, Http2ConnectionLimits limits)
    {
        const int Settings = 4;
        var span = output.GetSpan(Http2FrameHeader.Size + 6 * Settings);
        Http2FrameHeader.Write(span, 6 * Settings, Http2FrameType.Settings, 0, 0);
        var body = span[Http2FrameHeader.Size..];
        WriteSetting(body, Http2PeerSettings.MaxConcurrentStreams, limits.MaxStreams);
        WriteSetting(body[6..], Http2PeerSettings.InitialWindowSize, limits.StreamWindow);
        WriteSetting(body[12..], Http2PeerSettings.MaxHeaderListSize, limits.MaxHeaderListSize);
        WriteSetting(body[18..], Http2PeerSettings.HeaderTableSize, Http2ConnectionLimits.HeaderTableSize);
        output.Advance(Http2FrameHeader.Size + 6 * Settings);
    }

    public static void WriteSettingsAck(this Http2Output output)
    {
        Http2FrameHeader.Write(output.GetSpan(Http2FrameHeader.Size), 0, Http2FrameType.Settings, Http2FrameHeader.Ack, 0);
        output.Advance(Http2FrameHeader.Size);
    }

    public static void WritePing(this Http2Output output, ulong data, bool ack)
    {
        var span = output.GetSpan(Http2FrameHeader.Size + 8);
        Http2FrameHeader.Write(span, 8, Http2FrameType.Ping, ack ? Http2FrameHeader.Ack : (byte)0, 0);
        BinaryPrimitives.WriteUInt64BigEndian(span[Http2FrameHeader.Size..], data);
        output.Advance(Http2FrameHeader.Size + 8);
    }

    public static void WriteWindowUpdate(this Http2Output output, int streamId, int increment) =>
        WriteWord(output, Http2FrameType.WindowUpdate, streamId, (uint)increment);

    public static void WriteReset(this Http2Output output, int streamId, Http2ErrorCode code) =>
        WriteWord(output, Http2FrameType.RstStream, streamId, (uint)code);

    public static void WriteGoAway(this Http2Output output, int lastStreamId, Http2ErrorCode code, ReadOnlySpan<byte> reason)
    {
        var span = output.GetSpan(Http2FrameHeader.Size + 8 + reason.Length);
        Http2FrameHeader.Write(span, 8 + reason.Length, Http2FrameType.GoAway, 0, 0);
        BinaryPrimitives.WriteInt32BigEndian(span[Http2FrameHeader.Size..], lastStreamId);
        BinaryPrimitives.WriteUInt32BigEndian(span[(Http2FrameHeader.Size + 4)..], (uint)code);
        reason.CopyTo(span[(Http2FrameHeader.Size + 8)..]);
        output.Advance(Http2FrameHeader.Size + 8 + reason.Length);
    }

    /// <summary>A whole header block, smaller than the smallest frame limit that a peer may have.</summary>
    public static void WriteHeaders(this Http2Output output, int streamId, ReadOnlySpan<byte> block, bool endStream)
    {
        var span = output.GetSpan(Http2FrameHeader.Size + block.Length);
        var flags = (byte)(Http2FrameHeader.EndHeaders | (endStream ? Http2FrameHeader.EndStream : 0));
        Http2FrameHeader.Write(span, block.Length, Http2FrameType.Headers, flags, streamId);
        block.CopyTo(span[Http2FrameHeader.Size..]);
        output.Advance(Http2FrameHeader.Size + block.Length);
    }

    /// <summary>DATA without bytes, with END_STREAM.</summary>
    public static void WriteEmptyEnd(this Http2Output output, int streamId)
    {
        Http2FrameHeader.Write(output.GetSpan(Http2FrameHeader.Size), 0, Http2FrameType.Data, Http2FrameHeader.EndStream, streamId);
        output.Advance(Http2FrameHeader.Size);
    }

    private static void WriteWord(Http2Output output, Http2FrameType type, int streamId, uint word)
    {
        var span = output.GetSpan(Http2FrameHeader.Size + 4);
        Http2FrameHeader.Write(span, 4, type, 0, streamId);
        BinaryPrimitives.WriteUInt32BigEndian(span[Http2FrameHeader.Size..], word);
        output.Advance(Http2FrameHeader.Size + 4);
    }

    private static void WriteSetting(Span<byte> span, ushort id, int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(span, id);
        BinaryPrimitives.WriteInt32BigEndian(span[2..], value);
    }
}
