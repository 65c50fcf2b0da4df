namespace Orleans.Inference.ExtProcGateway.Http2.Hpack;

/// <summary>Integers with a prefix, RFC 7541 5.1.</summary>
internal static class HpackInteger
{
    /// <summary>Reads an integer that begins at <paramref name="position"/> in the low bits of that byte; false when cut short or over 2^28.</summary>
    public static bool TryRead(ReadOnlySpan<byte> block, ref int position, int prefixBits, out int value)
    {
        var mask = (1 << prefixBits) - 1;
        value = block[position++] & mask;
        if (value < mask)
        {
            return true;
        }

        // Four more bytes carry 28 bits: far above every length that is allowed, and no overflow. Zeros may follow in longer encodings; refused.
        for (var shift = 0; shift < 28; shift += 7)
        {
            if (position >= block.Length)
            {
                return false;
            }

            var next = block[position++];
            value += (next & 0x7f) << shift;
            if ((next & 0x80) == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes <paramref name="value"/> with <paramref name="pattern"/> in the bits above the prefix; returns the bytes written.</summary>
    public static int Write(Span<byte> destination, byte pattern, int prefixBits, int value)
    {
        var mask = (1 << prefixBits) - 1;
        if (value < mask)
        {
            destination[0] = (byte)(pattern | value);
            return 1;
        }

        destination[0] = (byte)(pattern | mask);
        var rest = value - mask;
        var written = 1;
        for (; rest >= 0x80; rest >>= 7)
        {
            destination[written++] = (byte)(rest | 0x80);
        }

        destination[written++] = (byte)rest;
        return written;
    }
}
