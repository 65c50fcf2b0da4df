namespace Orleans.Inference.ExtProcGateway.Protocol.Wire;

/// <summary>Reads protobuf fields from contiguous bytes without copying or allocating.</summary>
/// <remarks>After a malformed field <see cref="Malformed"/> is set and nothing more is read.</remarks>
internal ref struct ProtoReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>A truncated or overlong field was met.</summary>
    public bool Malformed { get; private set; }

    /// <summary>Bytes that have not been read.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Reads the next field's number and wire type; false at the end and after malformed bytes.</summary>
    public bool TryReadTag(out int field, out WireType type)
    {
        field = 0;
        type = default;
        if (_rest.IsEmpty || !TryReadVarint(out var tag))
        {
            return false;
        }

        field = (int)(tag >> 3);
        type = (WireType)(tag & 7);
        if (field > 0 && tag <= uint.MaxValue)
        {
            return true;
        }

        return Fail();
    }

    /// <summary>Reads a varint of up to 64 bits.</summary>
    public bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var i = 0; i < _rest.Length && i < 10; i++)
        {
            var b = _rest[i];
            value |= (ulong)(b & 0x7f) << (7 * i);
            if (b < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return true;
            }
        }

        return Fail();
    }

    /// <summary>Reads a length-delimited value.</summary>
    public bool TryReadBytes(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryReadVarint(out var length))
        {
            return false;
        }

        if (length > (ulong)_rest.Length)
        {
            return Fail();
        }

        value = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    /// <summary>Passes over the value of a field of that type.</summary>
    public bool TrySkip(WireType type)
    {
        switch (type)
        {
            case WireType.Varint:
                return TryReadVarint(out _);
            case WireType.Fixed64:
                return TryAdvance(sizeof(ulong));
            case WireType.LengthDelimited:
                return TryReadBytes(out _);
            case WireType.Fixed32:
                return TryAdvance(sizeof(uint));
            default:
                return Fail(); // groups are not used by any message here
        }
    }

    private bool TryAdvance(int count)
    {
        if (_rest.Length < count)
        {
            return Fail();
        }

        _rest = _rest[count..];
        return true;
    }

    private bool Fail()
    {
        Malformed = true;
        _rest = default;
        return false;
    }
}
