using System.Buffers;
using Orleans.Inference.ExtProcGateway.Protocol.Wire;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Reads protobuf fields from bytes in pieces without copying or allocating: <see cref="ProtoReader"/> for a body.</summary>
/// <remarks>After a malformed field <see cref="Malformed"/> is set and nothing more is read.</remarks>
internal ref struct SequenceProtoReader(ReadOnlySequence<byte> bytes)
{
    private const int LongestVarint = 10;

    private SequenceReader<byte> _rest = new(bytes);

    /// <summary>A truncated or overlong field was met.</summary>
    public bool Malformed { get; private set; }

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySequence<byte> Rest => _rest.UnreadSequence;

    /// <summary>Reads the next field's number and wire type; false at the end and after malformed bytes.</summary>
    public bool TryReadTag(out int field, out WireType type)
    {
        field = 0;
        type = default;
        if (Malformed || _rest.End || !TryReadVarint(out var tag))
        {
            return false;
        }

        field = (int)(tag >> 3);
        type = (WireType)(tag & 7);
        return (field > 0 && tag <= uint.MaxValue) || Fail();
    }

    /// <summary>Reads a varint of up to 64 bits.</summary>
    public bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var i = 0; i < LongestVarint && _rest.TryRead(out var b); i++)
        {
            value |= (ulong)(b & 0x7f) << (7 * i);
            if (b < 0x80)
            {
                return true;
            }
        }

        return Fail();
    }

    /// <summary>Reads a length-delimited value.</summary>
    public bool TryReadBytes(out ReadOnlySequence<byte> value)
    {
        value = default;
        return TryReadVarint(out var length) && ((length <= int.MaxValue && _rest.TryReadExact((int)length, out value)) || Fail());
    }

    /// <summary>Passes over the value of a field of that type.</summary>
    public bool TrySkip(WireType type) => type switch
    {
        WireType.Varint => TryReadVarint(out _),
        WireType.Fixed64 => TryReadFixed(sizeof(ulong)),
        WireType.LengthDelimited => TryReadBytes(out _),
        WireType.Fixed32 => TryReadFixed(sizeof(uint)),
        _ => Fail(), // groups are not used by any message here
    };

    private bool TryReadFixed(int size) => _rest.TryReadExact(size, out _) || Fail();

    private bool Fail()
    {
        Malformed = true;
        return false;
    }
}
