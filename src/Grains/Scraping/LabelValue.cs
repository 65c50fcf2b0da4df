using System.Diagnostics;
using System.Text;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>Label values as they stand on the page, with the escapes <c>\\</c>, <c>\"</c> and <c>\n</c>.</summary>
internal static class LabelValue
{
    /// <summary>Whether the raw value means these bytes.</summary>
    public static bool Means(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> expected)
    {
        if (!raw.Contains((byte)'\\'))
        {
            return raw.SequenceEqual(expected);
        }

        var at = 0;
        foreach (var wanted in expected)
        {
            if (at == raw.Length || Next(raw, ref at) != wanted)
            {
                return false;
            }
        }

        return at == raw.Length;
    }

    /// <summary>The value's text; bytes that are no UTF-8 become U+FFFD.</summary>
    public static string Decode(ReadOnlySpan<byte> raw)
    {
        if (!raw.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(raw);
        }

        var plain = new byte[raw.Length];
        var length = 0;
        for (var at = 0; at < raw.Length;)
        {
            plain[length++] = Next(raw, ref at);
        }

        return Encoding.UTF8.GetString(plain, 0, length);
    }

    private static byte Next(ReadOnlySpan<byte> raw, ref int at)
    {
        Debug.Assert(at < raw.Length);
        var current = raw[at++];
        if (current != (byte)'\\' || at == raw.Length)
        {
            return current;
        }

        var escaped = raw[at++];
        return escaped == (byte)'n' ? (byte)'\n' : escaped;
    }
}
