namespace Orleans.Inference.Grains.Scraping;

/// <summary>Walks over the labels of one series: <c>a="x",b="y"</c> up to the closing brace.</summary>
internal ref struct LabelReader(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>Name of the current label.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Value of the current label as it is written, escapes included.</summary>
    public ReadOnlySpan<byte> RawValue { get; private set; }

    /// <summary>True once the text turned out to be no list of labels.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>What has not been read; after the last label what follows the closing brace.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Moves to the next label; false at the closing brace and on malformed text.</summary>
    public bool MoveNext()
    {
        _rest = _rest.TrimStart(" \t,"u8);
        if (_rest.IsEmpty)
        {
            IsMalformed = true;
            return false;
        }

        if (_rest[0] == (byte)'}')
        {
            _rest = _rest[1..];
            return false;
        }

        var equals = _rest.IndexOf((byte)'=');
        if (equals <= 0)
        {
            IsMalformed = true;
            return false;
        }

        Name = _rest[..equals].TrimEnd(" \t"u8);
        var value = _rest[(equals + 1)..].TrimStart(" \t"u8);
        if (value.IsEmpty || value[0] != (byte)'"')
        {
            IsMalformed = true;
            return false;
        }

        value = value[1..];
        var end = EndOfQuoted(value);
        if (end < 0)
        {
            IsMalformed = true;
            return false;
        }

        RawValue = value[..end];
        _rest = value[(end + 1)..];
        return true;
    }

    private static int EndOfQuoted(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (true)
        {
            var found = text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0)
            {
                return -1;
            }

            at += found;
            if (text[at] == (byte)'"')
            {
                return at;
            }

            at += 2; // the backslash and what it escapes
            if (at > text.Length)
            {
                return -1;
            }
        }
    }
}
