using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;

namespace Orleans.Inference.ExtProcGateway.Protocol.Wire;

/// <summary>Writes a protobuf message from its end to its start, so that the length of a nested message is known when its prefix is written.</summary>
/// <param name="buffer">Large enough for the whole message; its end is filled.</param>
internal ref struct ReverseProtoWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _start = buffer.Length;

    /// <summary>What has been written.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[_start..];

    /// <summary>Bytes written so far: taken before a nested message's fields, handed to <see cref="EndMessage"/> after them.</summary>
    public readonly int Length => _buffer.Length - _start;

    /// <summary>Writes a string or bytes field.</summary>
    public void WriteBytes(int field, scoped ReadOnlySpan<byte> value)
    {
        _start -= value.Length;
        value.CopyTo(_buffer[_start..]);
        WriteVarint((ulong)value.Length);
        WriteTag(field, WireType.LengthDelimited);
    }

    /// <summary>Writes fields that are encoded already.</summary>
    public void WriteFields(scoped ReadOnlySpan<byte> fields)
    {
        _start -= fields.Length;
        fields.CopyTo(_buffer[_start..]);
    }

    /// <summary>Writes a bytes field whose content lies in pieces.</summary>
    public void WriteBytes(int field, scoped in ReadOnlySequence<byte> value)
    {
        var length = (int)value.Length;
        _start -= length;
        value.CopyTo(_buffer.Slice(_start, length));
        WriteVarint((ulong)length);
        WriteTag(field, WireType.LengthDelimited);
    }

    /// <summary>Writes a double field.</summary>
    public void WriteDouble(int field, double value)
    {
        _start -= sizeof(double);
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer[_start..], value);
        WriteTag(field, WireType.Fixed64);
    }

    /// <summary>Writes a bool, enum or unsigned integer field.</summary>
    public void WriteVarint(int field, ulong value)
    {
        WriteVarint(value);
        WriteTag(field, WireType.Varint);
    }

    /// <summary>Turns what was written since <paramref name="lengthBefore"/> into a nested message.</summary>
    public void EndMessage(int field, int lengthBefore)
    {
        WriteVarint((ulong)(Length - lengthBefore));
        WriteTag(field, WireType.LengthDelimited);
    }

    private void WriteTag(int field, WireType type) => WriteVarint(((ulong)field << 3) | (ulong)type);

    private void WriteVarint(ulong value)
    {
        var size = VarintSize(value);
        Debug.Assert(_start >= size, "the buffer is too small");
        _start -= size;
        for (var i = 0; i < size - 1; i++, value >>= 7)
        {
            _buffer[_start + i] = (byte)(value | 0x80);
        }

        _buffer[_start + size - 1] = (byte)value;
    }

    /// <summary>Bytes that a varint takes.</summary>
    public static int VarintSize(ulong value) => (int)((((uint)System.Numerics.BitOperations.Log2(value | 1)) * 9) + 73) / 64;
}
