namespace Orleans.Inference.Picking.Sessions;

/// <summary>Reads a <c>cookie</c> header (RFC 6265, section 4.2) where it lies.</summary>
internal static class CookieHeader
{
    /// <summary>Finds the first cookie of a name, which is compared byte by byte.</summary>
    /// <param name="value">Without the blanks and the quotes around it.</param>
    public static bool TryFind(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        // A semicolon ends a cookie also between quotes: no value may have one.
        foreach (var range in header.Split((byte)';'))
        {
            var cookie = header[range];
            var equals = cookie.IndexOf((byte)'=');
            if (equals >= 0 && Trim(cookie[..equals]).SequenceEqual(name))
            {
                value = Unquote(Trim(cookie[(equals + 1)..]));
                return true;
            }
        }

        value = default;
        return false;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);

    private static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> text) => text is [(byte)'"', .. var quoted, (byte)'"'] ? Trim(quoted) : text;
}
