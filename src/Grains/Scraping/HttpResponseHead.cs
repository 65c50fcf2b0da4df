using System.Globalization;
using System.Text;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>What matters of an HTTP/1.x response's status line and headers.</summary>
internal struct HttpResponseHead
{
    public int Status;

    /// <summary>−1 where it is not given.</summary>
    public long ContentLength;

    public bool IsChunked;

    public bool KeepsAlive;

    public bool IsEncoded;

    public bool IsHtml;

    /// <summary>Where a redirection leads; null on any other response.</summary>
    public string? Location;

    /// <summary>Reads everything up to, and without, the empty line.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out HttpResponseHead head)
    {
        head = new HttpResponseHead { ContentLength = -1 };
        var end = text.IndexOf("\r\n"u8);
        var line = end < 0 ? text : text[..end];
        if (line.Length < "HTTP/1.1 200".Length || !line.StartsWith("HTTP/1."u8) || line[8] != (byte)' '
            || !int.TryParse(line.Slice(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out head.Status))
        {
            return false;
        }

        head.KeepsAlive = line[7] != (byte)'0';
        while (end >= 0)
        {
            text = text[(end + 2)..];
            end = text.IndexOf("\r\n"u8);
            if (!head.ReadHeader(end < 0 ? text : text[..end]))
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadHeader(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            return false;
        }

        var name = line[..colon];
        var value = line[(colon + 1)..].Trim(" \t"u8);
        switch (name.Length)
        {
            case 14 when Ascii.EqualsIgnoreCase(name, "content-length"u8):
                return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                    && (ContentLength < 0 || ContentLength == length) && (ContentLength = length) >= 0;
            case 17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8):
                IsChunked = Ascii.EqualsIgnoreCase(value, "chunked"u8);
                IsEncoded |= !IsChunked;
                break;
            case 16 when Ascii.EqualsIgnoreCase(name, "content-encoding"u8):
                IsEncoded |= !value.IsEmpty && !Ascii.EqualsIgnoreCase(value, "identity"u8);
                break;
            case 10 when Ascii.EqualsIgnoreCase(name, "connection"u8):
                KeepsAlive = !HasToken(value, "close"u8) && (KeepsAlive || HasToken(value, "keep-alive"u8));
                break;
            case 8 when Status is >= 300 and < 400 && Ascii.EqualsIgnoreCase(name, "location"u8):
                Location = Encoding.ASCII.GetString(value);
                break;
            case 12 when Ascii.EqualsIgnoreCase(name, "content-type"u8):
                IsHtml = value.Length >= 9 && Ascii.EqualsIgnoreCase(value[..9], "text/html"u8);
                break;
        }

        return true;
    }

    private static bool HasToken(ReadOnlySpan<byte> list, ReadOnlySpan<byte> token)
    {
        foreach (var range in list.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(list[range].Trim(" \t"u8), token))
            {
                return true;
            }
        }

        return false;
    }
}
