using System.Buffers;
using System.Buffers.Text;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>A string's data in base64, of which a few bytes are read here and there, where they lie.</summary>
/// <remarks>Of a string with JSON escapes only as much is known as fits the buffer, because what is behind them has no place that could be told.</remarks>
internal readonly ref struct Base64Text
{
    /// <summary>Most bytes of one <see cref="TryRead"/>.</summary>
    public const int MostRead = 32;

    /// <summary>What comes before the data: <c>data:image/png;base64,</c>, with parameters at most this long.</summary>
    private const int LongestPrefix = 256;

    private readonly ReadOnlySequence<byte> _written;
    private readonly ReadOnlySpan<byte> _decoded;
    private readonly bool _isEscaped;
    private readonly long _start;

    /// <param name="text">A string.</param>
    /// <param name="isUrl">It is a URL: the data is there where it is a data URL of a picture.</param>
    /// <param name="buffer">For decoding.</param>
    public Base64Text(in JsonValue text, bool isUrl, Span<byte> buffer)
    {
        _written = text.Bytes;
        _isEscaped = text.IsEscaped;
        if (_isEscaped)
        {
            new JsonText(text.Bytes, buffer).TryNext(out _decoded);
        }

        _start = isUrl ? FindData() : 0;
    }

    private static ReadOnlySpan<byte> Scheme => "data:image/"u8;

    private static ReadOnlySpan<byte> EndOfPrefix => "base64,"u8;

    private long Length => _isEscaped ? _decoded.Length : _written.Length;

    /// <summary>Reads bytes of the data; false where it has none there.</summary>
    /// <param name="at">Bytes before them.</param>
    /// <param name="bytes">Takes them, <see cref="MostRead"/> at most.</param>
    public bool TryRead(long at, Span<byte> bytes)
    {
        // Four characters are three bytes.
        var skipped = (int)(at % 3);
        var groups = (skipped + bytes.Length + 2) / 3;
        Span<byte> characters = stackalloc byte[(MostRead + 4) / 3 * 4];
        Span<byte> read = stackalloc byte[(MostRead + 4) / 3 * 3];
        characters = characters[..(groups * 4)];
        var from = _start + (at / 3 * 4);
        if (_start < 0 || from + characters.Length > Length)
        {
            return false;
        }

        Copy(from, characters);
        if (Base64.DecodeFromUtf8(characters, read, out _, out var length) != OperationStatus.Done || length < skipped + bytes.Length)
        {
            return false;
        }

        read.Slice(skipped, bytes.Length).CopyTo(bytes);
        return true;
    }

    /// <summary>Where the data begins; -1 where there is none.</summary>
    private long FindData()
    {
        Span<byte> begin = stackalloc byte[LongestPrefix];
        begin = begin[..(int)Math.Min(LongestPrefix, Length)];
        Copy(0, begin);
        var end = begin.StartsWith(Scheme) ? begin.IndexOf(EndOfPrefix) : -1;
        return end < 0 ? -1 : end + EndOfPrefix.Length;
    }

    private void Copy(long from, Span<byte> characters)
    {
        if (_isEscaped)
        {
            _decoded.Slice((int)from, characters.Length).CopyTo(characters);
        }
        else
        {
            _written.Slice(from, characters.Length).CopyTo(characters);
        }
    }
}
