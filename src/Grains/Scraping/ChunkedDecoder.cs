namespace Orleans.Inference.Grains.Scraping;

/// <summary>Takes the chunk framing out of an HTTP/1.1 body, in place and in as many pieces as it comes.</summary>
internal struct ChunkedDecoder
{
    private const int MaxSizeDigits = 8;

    private State _state;
    private long _left;
    private int _digits;

    private enum State
    {
        Size,
        Extension,
        SizeEnd,
        Data,
        DataEnd,
        Trailer,
        TrailerLine,
        Done,
    }

    /// <summary>The last chunk and its trailers have been read.</summary>
    public readonly bool IsDone => _state == State.Done;

    /// <summary>Moves the body's bytes of <paramref name="raw"/> to its front.</summary>
    /// <param name="written">How many they are.</param>
    /// <param name="read">How many bytes were read; fewer than there are only at the end of the body.</param>
    /// <returns>False when it is no chunked body.</returns>
    public bool Decode(Span<byte> raw, out int written, out int read)
    {
        written = 0;
        read = 0;
        while (read < raw.Length && _state != State.Done)
        {
            if (_state == State.Data)
            {
                var length = (int)Math.Min(_left, raw.Length - read);
                raw.Slice(read, length).CopyTo(raw[written..]);
                written += length;
                read += length;
                _left -= length;
                _state = _left == 0 ? State.DataEnd : State.Data;
            }
            else if (!Step(raw[read++]))
            {
                return false;
            }
        }

        return true;
    }

    private bool Step(byte next)
    {
        switch (_state)
        {
            case State.Size:
                return ReadSize(next);
            case State.Extension:
                _state = next == (byte)'\n' ? AfterSize() : State.Extension;
                return true;
            case State.SizeEnd:
                _state = AfterSize();
                return next == (byte)'\n';
            case State.DataEnd:
                if (next == (byte)'\n')
                {
                    _state = State.Size;
                    _digits = 0;
                }

                return next is (byte)'\r' or (byte)'\n';
            case State.Trailer:
                _state = next switch { (byte)'\n' => State.Done, (byte)'\r' => State.Trailer, _ => State.TrailerLine };
                return true;
            default:
                _state = next == (byte)'\n' ? State.Trailer : State.TrailerLine;
                return true;
        }
    }

    private bool ReadSize(byte next)
    {
        var digit = HexValue(next);
        if (digit >= 0)
        {
            _left = (_left << 4) + digit;
            return ++_digits <= MaxSizeDigits;
        }

        switch (next)
        {
            case (byte)'\r':
                _state = State.SizeEnd;
                break;
            case (byte)'\n':
                _state = AfterSize();
                break;
            case (byte)';' or (byte)' ' or (byte)'\t':
                _state = State.Extension;
                break;
            default:
                return false;
        }

        return _digits > 0;
    }

    private static int HexValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    private readonly State AfterSize() => _left == 0 ? State.Trailer : State.Data;
}
