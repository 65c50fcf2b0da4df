using System.Buffers.Binary;

namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>A frame of ZMTP 3.x (RFC 23 and 37): its flags, and where its content is in the bytes that came.</summary>
/// <param name="Offset">Bytes before the content.</param>
/// <param name="Length">Bytes of the content.</param>
/// <param name="HasMore">More frames of the same message follow.</param>
/// <param name="IsCommand">It is a command, not part of a message.</param>
internal readonly record struct ZmtpFrame(int Offset, int Length, bool HasMore, bool IsCommand)
{
    /// <summary>Bytes before the content at most.</summary>
    public const int LongestHeader = 9;

    private const byte More = 1;
    private const byte Long = 2;
    private const byte Command = 4;

    /// <summary>Bytes of the whole frame.</summary>
    public int Size => Offset + Length;

    /// <summary>Reads the head of a frame; false while it is not there as a whole. The content may not be.</summary>
    /// <param name="limit">Longest content.</param>
    /// <exception cref="ZmtpException">It is no frame, or it is too long.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int limit, out ZmtpFrame frame)
    {
        frame = default;
        if (bytes.IsEmpty)
        {
            return false;
        }

        var flags = bytes[0];
        if (flags > (More | Long | Command) || (flags & (More | Command)) == (More | Command))
        {
            throw new ZmtpException($"a frame begins with the byte {flags:x2}");
        }

        var isLong = (flags & Long) != 0;
        var offset = isLong ? LongestHeader : 2;
        if (bytes.Length < offset)
        {
            return false;
        }

        var length = isLong ? BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]) : bytes[1];
        if (length > (ulong)limit)
        {
            throw new ZmtpException($"a frame of {length} bytes is announced; {limit} are allowed");
        }

        frame = new(offset, (int)length, (flags & More) != 0, (flags & Command) != 0);
        return true;
    }

    /// <summary>Writes the head of a frame; returns its length.</summary>
    public static int WriteHead(Span<byte> to, int length, bool hasMore, bool isCommand)
    {
        to[0] = (byte)((hasMore ? More : 0) | (isCommand ? Command : 0) | (length > byte.MaxValue ? Long : 0));
        if (length <= byte.MaxValue)
        {
            to[1] = (byte)length;
            return 2;
        }

        BinaryPrimitives.WriteUInt64BigEndian(to[1..], (ulong)length);
        return LongestHeader;
    }
}
