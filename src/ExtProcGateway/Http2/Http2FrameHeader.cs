using System.Buffers;
using System.Buffers.Binary;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>The nine bytes before each frame's payload, RFC 9113 section 4.1.</summary>
internal readonly record struct Http2FrameHeader(int Length, Http2FrameType Type, byte Flags, int StreamId)
{
    public const int Size = 9;

    /// <summary>Flag of DATA and HEADERS.</summary>
    public const byte EndStream = 0x1;

    /// <summary>Flag of SETTINGS and PING.</summary>
    public const byte Ack = 0x1;

    /// <summary>Flag of HEADERS and CONTINUATION.</summary>
    public const byte EndHeaders = 0x4;

    /// <summary>Flag of DATA and HEADERS.</summary>
    public const byte Padded = 0x8;

    /// <summary>Flag of HEADERS.</summary>
    public const byte Priority = 0x20;

    public bool Has(byte flag) => (Flags & flag) != 0;

    /// <summary>Reads a header from the beginning of <paramref name="buffer"/>, which holds <see cref="Size"/> bytes or more.</summary>
    public static Http2FrameHeader Read(in ReadOnlySequence<byte> buffer)
    {
        var span = buffer.FirstSpan;
        return span.Length >= Size ? Read(span) : ReadSplit(buffer);
    }

    public static Http2FrameHeader Read(ReadOnlySpan<byte> span)
    {
        var word = BinaryPrimitives.ReadUInt32BigEndian(span);
        return new Http2FrameHeader(
            (int)(word >> 8),
            (Http2FrameType)(byte)word,
            span[4],
            (int)(BinaryPrimitives.ReadUInt32BigEndian(span[5..]) & 0x7fffffff));
    }

    public static void Write(Span<byte> span, int length, Http2FrameType type, byte flags, int streamId)
    {
        BinaryPrimitives.WriteUInt32BigEndian(span, ((uint)length << 8) | (byte)type);
        span[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(span[5..], streamId);
    }

    private static Http2FrameHeader ReadSplit(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> bytes = stackalloc byte[Size];
        buffer.Slice(0, Size).CopyTo(bytes);
        return Read(bytes);
    }
}
