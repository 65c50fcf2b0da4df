using Orleans.Inference.ExtProcGateway.Protocol.Wire;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>Walks over the headers of a <c>HeaderMap</c> in place.</summary>
internal ref struct HeaderMapReader(ReadOnlySpan<byte> map)
{
    private ProtoReader _reader = new(map);

    /// <summary>The map or one of its headers is not well-formed.</summary>
    public bool Malformed { get; private set; }

    /// <summary>Bytes of the headers that have not been read.</summary>
    public readonly int Remaining => _reader.Remaining;

    /// <summary>The next header: <c>raw_value</c> where it is not empty, else <c>value</c>.</summary>
    public bool TryRead(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        key = value = default;
        while (_reader.TryReadTag(out var field, out var type))
        {
            if (field != 1 || type != WireType.LengthDelimited)
            {
                _reader.TrySkip(type);
            }
            else if (_reader.TryReadBytes(out var header))
            {
                return TryReadHeader(header, out key, out value);
            }
        }

        Malformed |= _reader.Malformed;
        return false;
    }

    private bool TryReadHeader(ReadOnlySpan<byte> header, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        key = default;
        ReadOnlySpan<byte> text = default;
        ReadOnlySpan<byte> raw = default;
        var reader = new ProtoReader(header);
        while (reader.TryReadTag(out var field, out var type))
        {
            if (type != WireType.LengthDelimited)
            {
                reader.TrySkip(type);
            }
            else if (reader.TryReadBytes(out var bytes))
            {
                switch (field)
                {
                    case 1:
                        key = bytes;
                        break;
                    case 2:
                        text = bytes;
                        break;
                    case 3:
                        raw = bytes;
                        break;
                }
            }
        }

        value = raw.IsEmpty ? text : raw;
        Malformed |= reader.Malformed;
        return !Malformed;
    }
}
