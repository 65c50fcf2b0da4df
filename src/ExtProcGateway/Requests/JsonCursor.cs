using System.Buffers;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Goes over a JSON text that a strict reader has accepted, and finds where its values lie. Nothing is checked again and nothing is copied.</summary>
/// <remarks>
/// It looks only for the bytes that end a value, at some 30 GB/s within long strings, where <see cref="System.Text.Json.Utf8JsonReader"/> checks each of them. Text that is not well-formed gives
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
        var isEscaped = false;
        while (!_rest.End)
        {
            var rest = _rest.UnreadSpan;
            var at = 0;
            while (at < rest.Length)
            {
                var found = rest[at..].IndexOfAny((byte)'"', (byte)'\\');
                if (found < 0)
                {
                    at = rest.Length;
                    break;
                }

                at += found;
                if (rest[at] == (byte)'"')
                {
                    _rest.Advance(at);
                    return isEscaped;
                }

                isEscaped = true;
                at += 2;
            }

            // An escape's second byte may be in the next piece.
            _rest.Advance(Math.Min(at, _rest.Remaining));
        }

        return isEscaped;
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
