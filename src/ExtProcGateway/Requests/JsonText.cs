using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Decodes a JSON string with escapes, a bufferful at a time.</summary>
/// <remarks>
/// Half of a surrogate pair becomes U+FFFD; malformed UTF-8 stays as it is. Text is copied 32 bytes at a time while the next backslash is looked for, so it costs some 3 ns for an escape and next to
/// nothing for what is between them.
/// </remarks>
/// <param name="text">What is between the quotes of a string that a strict reader has accepted.</param>
/// <param name="buffer">At least <see cref="SmallestBuffer"/> bytes.</param>
internal ref struct JsonText(ReadOnlySequence<byte> text, Span<byte> buffer)
{
    /// <summary>A buffer of this size is used well: what is done for each bufferful no longer counts.</summary>
    public const int UsualBuffer = 2048;

    /// <summary>Room for one step.</summary>
    public const int SmallestBuffer = 32;

    /// <summary>Length of <c>\u0000</c>.</summary>
    private const int Unicode = 6;

    /// <summary>Two escapes, which make a surrogate pair.</summary>
    private const int LongestEscape = 2 * Unicode;

    private readonly Span<byte> _buffer = buffer;
    private SequenceReader<byte> _rest = new(text);

    /// <summary>What escapes of a letter stand for, from <c>b</c> to <c>t</c>.</summary>
    private static ReadOnlySpan<byte> Controls => "\b\0\0\0\f\0\0\0\0\0\0\0\n\0\0\0\r\0\t"u8;

    /// <summary>Decodes the next part; false behind the last.</summary>
    /// <param name="decoded">In the buffer: void with the next part.</param>
    public bool TryNext(out ReadOnlySpan<byte> decoded)
    {
        var filled = 0;
        while (!_rest.End && _buffer.Length - filled >= SmallestBuffer)
        {
            var rest = _rest.UnreadSpan;
            var read = Decode(rest, _buffer, ref filled, isLast: _rest.Remaining == rest.Length);
            if (read == 0 && _buffer.Length - filled >= SmallestBuffer)
            {
                DecodeOverPieces(ref filled);
            }

            _rest.Advance(read);
        }

        decoded = _buffer[..filled];
        return filled > 0;
    }

    /// <summary>Decodes all of it.</summary>
    /// <param name="destination">Room for the text as it is written, and <see cref="SmallestBuffer"/> more.</param>
    /// <returns>Length of the decoded text.</returns>
    public static int Decode(in ReadOnlySequence<byte> text, Span<byte> destination) =>
        new JsonText(text, destination).TryNext(out var decoded) ? decoded.Length : 0;

    /// <summary>Decodes what is in one piece, up to an escape that may go on in the next one.</summary>
    /// <param name="isLast">There is no next piece.</param>
    /// <returns>Bytes read; 0 only where such an escape is the first thing.</returns>
    private static int Decode(ReadOnlySpan<byte> piece, Span<byte> buffer, ref int filled, bool isLast)
    {
        var at = DecodeWindows(piece, buffer, ref filled);
        while (at < piece.Length && buffer.Length - filled >= SmallestBuffer)
        {
            if (piece[at] != (byte)'\\')
            {
                buffer[filled++] = piece[at++];
            }
            else if (piece.Length - at >= LongestEscape || isLast)
            {
                at += DecodeEscape(piece[at..], buffer, ref filled);
            }
            else
            {
                break;
            }
        }

        return at;
    }

    /// <summary>Decodes while there is much of both piece and buffer left: finds the backslashes of 32 bytes at once, and copies 32 bytes for what is between two of them, however short it is.</summary>
    /// <returns>Bytes read.</returns>
    private static int DecodeWindows(ReadOnlySpan<byte> piece, Span<byte> buffer, ref int filled)
    {
        const int Window = 32;
        const int Ahead = Window + LongestEscape + Window;
        ref var source = ref MemoryMarshal.GetReference(piece);
        ref var destination = ref MemoryMarshal.GetReference(buffer);
        var (at, to) = (0, filled);
        while (piece.Length - at >= Ahead && buffer.Length - to >= Ahead)
        {
            var bytes = Vector256.LoadUnsafe(ref source, (nuint)at);
            bytes.StoreUnsafe(ref destination, (nuint)to);
            var escapes = Vector256.Equals(bytes, Vector256.Create((byte)'\\')).ExtractMostSignificantBits();
            var (begin, end) = (at, at + Window);
            while (escapes != 0)
            {
                // What is before the escape is there already.
                var next = begin + BitOperations.TrailingZeroCount(escapes);
                to += next - at;
                at = next + DecodeEscape(piece[next..], buffer, ref to);
                Vector256.LoadUnsafe(ref source, (nuint)at).StoreUnsafe(ref destination, (nuint)to);
                escapes = at < end ? escapes & (uint.MaxValue << (at - begin)) : 0;
            }

            if (at < end)
            {
                to += end - at;
                at = end;
            }
        }

        filled = to;
        return at;
    }

    /// <summary>Decodes the escape that is next, which goes over the end of a piece or comes close to it.</summary>
    private void DecodeOverPieces(ref int filled)
    {
        Span<byte> copy = stackalloc byte[LongestEscape];
        copy = copy[..(int)Math.Min(LongestEscape, _rest.Remaining)];
        _rest.TryCopyTo(copy);
        _rest.Advance(DecodeEscape(copy, _buffer, ref filled));
    }

    private static int DecodeEscape(ReadOnlySpan<byte> escape, Span<byte> buffer, ref int filled)
    {
        if (escape.Length < 2)
        {
            return escape.Length;
        }

        var kind = escape[1];
        if (kind == (byte)'u' && escape.Length >= Unicode)
        {
            return DecodeUnicode(escape, buffer, ref filled);
        }

        var letter = kind - (byte)'b';
        buffer[filled++] = (uint)letter < (uint)Controls.Length ? Controls[letter] : kind;
        return 2;
    }

    private static int DecodeUnicode(ReadOnlySpan<byte> escape, Span<byte> buffer, ref int filled)
    {
        var unit = Unit(escape);
        if (unit < 0x80)
        {
            buffer[filled++] = (byte)unit;
            return Unicode;
        }

        if (unit is >= 0x800 and (< 0xd800 or > 0xdfff))
        {
            buffer[filled + 2] = (byte)(0x80 | (unit & 0x3f));
            buffer[filled + 1] = (byte)(0x80 | ((unit >> 6) & 0x3f));
            buffer[filled] = (byte)(0xe0 | (unit >> 12));
            filled += 3;
            return Unicode;
        }

        var length = Unicode;
        if (!Rune.TryCreate(unit, out var character))
        {
            var isPair = escape.Length >= LongestEscape && escape[Unicode..].StartsWith("\\u"u8) && Rune.TryCreate((char)unit, (char)Unit(escape[Unicode..]), out character);
            length = isPair ? LongestEscape : Unicode;
            character = isPair ? character : Rune.ReplacementChar;
        }

        filled += character.EncodeToUtf8(buffer[filled..]);
        return length;
    }

    /// <summary>The UTF-16 unit of an escape <c>\u0000</c>.</summary>
    private static int Unit(ReadOnlySpan<byte> escape)
    {
        // Of a letter the low four bits are 1 to 6, and bit 6 is set.
        var digits = BinaryPrimitives.ReadUInt32BigEndian(escape[2..]);
        digits = (digits & 0x0f0f0f0f) + (((digits >> 6) & 0x01010101) * 9);
        return (int)(((digits >> 12) & 0xf000) | ((digits >> 8) & 0x0f00) | ((digits >> 4) & 0x00f0) | (digits & 0x000f));
    }
}
