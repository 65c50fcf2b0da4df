using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Goes over a JSON text that a strict reader has accepted, and finds where its values lie. Nothing is checked again and nothing is copied.</summary>
/// <remarks>
/// It looks only for the bytes that end a value, at some 80 GB/s within long strings, where <see cref="System.Text.Json.Utf8JsonReader"/> checks each of them. Text that is not well-formed gives
/// values that mean nothing, but no exception and no endless loop.
/// </remarks>
internal ref struct JsonCursor(ReadOnlySequence<byte> json)
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> EndOfScalar = SearchValues.Create(" \t\r\n,]}"u8);

    private SequenceReader<byte> _rest = new(json);

    /// <summary>Goes into the array or object that is next; false where something else is.</summary>
    public bool TryEnter()
    {
        if (Peek() is (byte)'[' or (byte)'{')
        {
            _rest.Advance(1);
            return true;
        }

        return false;
    }

    /// <summary>Goes to the next element or key of the array or object that it is in; behind the last it leaves it and gives false.</summary>
    public bool TryNext()
    {
        if (Peek() is not (0 or (byte)']' or (byte)'}'))
        {
            return true;
        }

        if (!_rest.End)
        {
            _rest.Advance(1);
        }

        return false;
    }

    /// <summary>Reads the next member of the object that it is in; behind the last it leaves it and gives false.</summary>
    public bool TryNextMember(out JsonValue key, out JsonValue value)
    {
        if (TryNext())
        {
            key = Read();
            value = Read();
            return true;
        }

        key = value = default;
        return false;
    }

    /// <summary>Passes over the value that is next, and tells where it is.</summary>
    public JsonValue Read()
    {
        var first = Peek();
        var start = _rest.Position;
        switch (first)
        {
            case (byte)'"':
                return ReadString();
            case (byte)'{' or (byte)'[':
                PassNested();
                break;
            default:
                PassScalar();
                break;
        }

        return new JsonValue(first, _rest.Sequence.Slice(start, _rest.Position));
    }

    private JsonValue ReadString()
    {
        _rest.Advance(1);
        var start = _rest.Position;
        var isEscaped = PassText();
        var text = _rest.Sequence.Slice(start, _rest.Position);
        if (!_rest.End)
        {
            _rest.Advance(1);
        }

        return new JsonValue((byte)'"', text, isEscaped);
    }

    /// <summary>Goes to the quote that ends a string; true when there were escapes before it.</summary>
    private bool PassText()
    {
        var (isEscaped, escaped) = (false, 0UL);
        while (!_rest.End)
        {
            var text = _rest.UnreadSpan;
            var end = EndOfText(text, ref isEscaped, ref escaped);
            _rest.Advance(end);
            if (end < text.Length)
            {
                break;
            }
        }

        return isEscaped;
    }

    /// <summary>Finds the quote that ends a string, 64 bytes at a time, however many escapes there are.</summary>
    /// <param name="isEscaped">Set where there is an escape before it.</param>
    /// <param name="escaped">1 where the first byte is the second one of an escape; afterwards the same of the byte behind the last.</param>
    /// <returns>Its place; the length where it is not there.</returns>
    private static int EndOfText(ReadOnlySpan<byte> text, ref bool isEscaped, ref ulong escaped)
    {
        const int Window = 64;
        var at = 0;
        ref var source = ref MemoryMarshal.GetReference(text);
        for (; text.Length - at >= Window; at += Window)
        {
            var low = Vector256.LoadUnsafe(ref source, (nuint)at);
            var high = Vector256.LoadUnsafe(ref source, (nuint)at + 32);
            var (quote, backslash) = (Vector256.Create((byte)'"'), Vector256.Create((byte)'\\'));
            var (quotesLow, quotesHigh) = (Vector256.Equals(low, quote), Vector256.Equals(high, quote));
            var (escapesLow, escapesHigh) = (Vector256.Equals(low, backslash), Vector256.Equals(high, backslash));
            if ((quotesLow | quotesHigh | escapesLow | escapesHigh) == Vector256<byte>.Zero)
            {
                escaped = 0;
                continue;
            }

            var quotes = quotesLow.ExtractMostSignificantBits() | ((ulong)quotesHigh.ExtractMostSignificantBits() << 32);
            var escapes = escapesLow.ExtractMostSignificantBits() | ((ulong)escapesHigh.ExtractMostSignificantBits() << 32);
            quotes &= ~Escaped(escapes, ref escaped);
            if (quotes != 0)
            {
                var end = BitOperations.TrailingZeroCount(quotes);
                isEscaped |= (escapes & ((1UL << end) - 1)) != 0;
                return at + end;
            }

            isEscaped |= escapes != 0;
        }

        for (; at < text.Length; at++)
        {
            if (escaped != 0)
            {
                escaped = 0;
            }
            else if (text[at] == (byte)'\\')
            {
                (isEscaped, escaped) = (true, 1);
            }
            else if (text[at] == (byte)'"')
            {
                break;
            }
        }

        return at;
    }

    /// <summary>Which of 64 bytes are the second one of an escape: of a row of backslashes every other one escapes what follows it.</summary>
    /// <param name="backslashes">A bit for each backslash.</param>
    /// <param name="escaped">1 where the first byte is escaped; afterwards the same of the byte behind the last.</param>
    private static ulong Escaped(ulong backslashes, ref ulong escaped)
    {
        if (backslashes == 0)
        {
            (var first, escaped) = (escaped, 0);
            return first;
        }

        // Addition carries through each row; where a row that begins at an odd place ends, the roles of odd and even places are exchanged.
        const ulong Even = 0x5555_5555_5555_5555;
        backslashes &= ~escaped;
        var behind = (backslashes << 1) | escaped;
        var oddBegins = backslashes & ~Even & ~behind;
        var exchanged = unchecked(oddBegins + backslashes);
        escaped = exchanged < oddBegins ? 1UL : 0;
        return (Even ^ (exchanged << 1)) & behind;
    }

    /// <summary>Goes behind the array or object that is next.</summary>
    private void PassNested()
    {
        var depth = 0;
        while (!_rest.End)
        {
            var rest = _rest.UnreadSpan;
            var at = rest.IndexOfAny(Structure);
            if (at < 0)
            {
                _rest.Advance(rest.Length);
                continue;
            }

            _rest.Advance(at + 1);
            switch (rest[at])
            {
                case (byte)'"':
                    PassText();
                    if (!_rest.End)
                    {
                        _rest.Advance(1);
                    }

                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                default:
                    depth--;
                    break;
            }

            if (depth <= 0)
            {
                return;
            }
        }
    }

    private void PassScalar()
    {
        while (!_rest.End)
        {
            var rest = _rest.UnreadSpan;
            var at = rest.IndexOfAny(EndOfScalar);
            _rest.Advance(at < 0 ? rest.Length : at);
            if (at >= 0)
            {
                return;
            }
        }
    }

    /// <summary>The next byte that belongs to a value or ends an array or object; 0 at the end.</summary>
    private byte Peek()
    {
        while (_rest.TryPeek(out var next))
        {
            if (next is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',' or (byte)':'))
            {
                return next;
            }

            _rest.Advance(1);
        }

        return 0;
    }
}
