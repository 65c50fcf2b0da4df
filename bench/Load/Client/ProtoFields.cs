namespace Orleans.Inference.Bench.Load.Client;

/// <summary>The little protobuf that the client needs: fields are found by number, messages are written by hand, so that it costs a fraction of the picker.</summary>
internal static class ProtoFields
{
    /// <summary>The first length-delimited field of that number.</summary>
    public static bool TryFind(ReadOnlySpan<byte> message, int number, out ReadOnlySpan<byte> value)
    {
        while (TryNext(message, out message, out var field, out value, out _))
        {
            if (field == number)
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>The varint field of that number; 0 where it is not there.</summary>
    public static ulong Varint(ReadOnlySpan<byte> message, int number)
    {
        while (TryNext(message, out message, out var field, out _, out var varint))
        {
            if (field == number)
            {
                return varint;
            }
        }

        return 0;
    }

    /// <summary>Takes one field off the front; only varints and length-delimited fields occur.</summary>
    public static bool TryNext(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> rest, out int field, out ReadOnlySpan<byte> bytes, out ulong varint)
    {
        field = 0;
        bytes = default;
        varint = 0;
        rest = message;
        if (rest.IsEmpty)
        {
            return false;
        }

        var tag = ReadVarint(ref rest);
        field = (int)(tag >> 3);
        varint = ReadVarint(ref rest);
        if ((tag & 7) == 2)
        {
            bytes = rest[..(int)varint];
            rest = rest[(int)varint..];
        }

        return true;
    }

    public static void WriteBytes(Span<byte> buffer, ref int at, int field, ReadOnlySpan<byte> value)
    {
        WriteVarint(buffer, ref at, ((ulong)field << 3) | 2);
        WriteVarint(buffer, ref at, (ulong)value.Length);
        value.CopyTo(buffer[at..]);
        at += value.Length;
    }

    public static void WriteVarint(Span<byte> buffer, ref int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            buffer[at++] = (byte)(value | 0x80);
        }

        buffer[at++] = (byte)value;
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        for (var i = 0; ; i++)
        {
            value |= (ulong)(message[i] & 0x7f) << (7 * i);
            if (message[i] < 0x80)
            {
                message = message[(i + 1)..];
                return value;
            }
        }
    }
}
