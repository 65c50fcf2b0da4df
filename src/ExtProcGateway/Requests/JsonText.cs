using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Decodes a JSON string piece by piece: long stretches without escapes are given where they lie, shorter ones are gathered in a buffer with what escapes stand for.</summary>
/// <remarks>Half of a surrogate pair becomes U+FFFD; malformed UTF-8 stays as it is. Costs nothing for a string without escapes, some 5 ns for each escape.</remarks>
/// <param name="text">What is between the quotes of a string that a strict reader has accepted.</param>
/// <param name="buffer">At least <see cref="SmallestBuffer"/> bytes; what was given before is void with the next piece.</param>
internal ref struct JsonText(ReadOnlySequence<byte> text, Span<byte> buffer)
{
    /// <summary>A buffer of this size is used well.</summary>
    public const int UsualBuffer = 2048;

    /// <summary>Room for one escape.</summary>
    public const int SmallestBuffer = 4;

    /// <summary>Stretches from this length on are worth a piece of their own.</summary>
    private const int Long = 256;

    /// <summary>Two escapes, which make a surrogate pair.</summary>
    private const int LongestEscape = 12;

    private readonly Span<byte> _buffer = buffer;
    private SequenceReader<byte> _rest = new(text);

    /// <summary>The next piece; false behind the last.</summary>
    public bool TryNext(out ReadOnlySpan<byte> piece)
    {
        var filled = 0;
        while (!_rest.End)
        {
            var rest = _rest.UnreadSpan;
            var plain = rest[0] == (byte)'\\' ? 0 : rest.IndexOf((byte)'\\');
            plain = plain < 0 ? rest.Length : plain;
            if (plain >= Long || plain + SmallestBuffer > _buffer.Length - filled)
            {
                if (filled == 0)
                {
                    Debug.Assert(plain > 0, "the buffer has room for an escape");
                    piece = rest[..plain];
                    _rest.Advance(plain);
                    return true;
                }

                break;
            }

            rest[..plain].CopyTo(_buffer[filled..]);
            filled += plain;
            _rest.Advance(plain);
            if (plain < rest.Length)
            {
                filled += Decode(rest[plain..], _buffer[filled..]);
            }
        }

        piece = _buffer[..filled];
        return filled > 0;
    }

    /// <summary>Decodes all of it into a span that has room for it: as many bytes as the text has escaped, and <see cref="SmallestBuffer"/> more.</summary>
    /// <returns>Length of the decoded text.</returns>
    public static int Decode(in ReadOnlySequence<byte> text, Span<byte> destination)
    {
        Span<byte> buffer = stackalloc byte[Long];
        var decoder = new JsonText(text, buffer);
        var length = 0;
        while (decoder.TryNext(out var piece))
        {
            piece.CopyTo(destination[length..]);
            length += piece.Length;
        }

        return length;
    }

    /// <summary>Decodes the escape that is next and passes over it.</summary>
    /// <param name="rest">What is left of the piece that it begins in.</param>
    private int Decode(ReadOnlySpan<byte> rest, Span<byte> destination)
    {
        if (rest.Length < LongestEscape && _rest.Remaining > rest.Length)
        {
            return DecodeOverPieces(destination);
        }

        var written = Decode(rest, destination, out var length);
        _rest.Advance(length);
        return written;
    }

    private int DecodeOverPieces(Span<byte> destination)
    {
        Span<byte> copy = stackalloc byte[LongestEscape];
        copy = copy[..(int)Math.Min(LongestEscape, _rest.Remaining)];
        _rest.TryCopyTo(copy);
        var written = Decode(copy, destination, out var length);
        _rest.Advance(length);
        return written;
    }

    private static int Decode(ReadOnlySpan<byte> escape, Span<byte> destination, out int length)
    {
        var kind = escape.Length > 1 ? escape[1] : (byte)'\\';
        if (kind == (byte)'u')
        {
            var character = Character(escape, out length);
            return character.EncodeToUtf8(destination);
        }

        length = Math.Min(2, escape.Length);
        destination[0] = kind switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'t' => (byte)'\t',
            (byte)'r' => (byte)'\r',
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            _ => kind,
        };
        return 1;
    }

    private static Rune Character(ReadOnlySpan<byte> escape, out int length)
    {
        const int One = 6;
        length = Math.Min(One, escape.Length);
        var unit = (char)Unit(escape);
        if (Rune.TryCreate(unit, out var character))
        {
            return character;
        }

        var behind = escape[length..];
        if (behind.StartsWith("\\u"u8) && Rune.TryCreate(unit, (char)Unit(behind), out character))
        {
            length += One;
            return character;
        }

        return Rune.ReplacementChar;
    }

    /// <summary>The UTF-16 unit of an escape <c>\u0000</c>.</summary>
    private static ushort Unit(ReadOnlySpan<byte> escape) =>
        escape.Length >= 6 && Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out _, 'x') ? unit : (ushort)Rune.ReplacementChar.Value;
}
