using System.Buffers.Binary;

namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>Reads MessagePack values one after the other, in place.</summary>
/// <remarks>
/// What does not fit, be it malformed or of another type, sets <see cref="Failed"/>; all later reads fail then, too, so that a caller may look once at the end. Counts are checked against what is
/// left, so that no loop runs longer than the bytes that came. A mutable ref struct: pass it by reference.
/// </remarks>
internal ref struct MsgPackReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>Something did not fit.</summary>
    public bool Failed { get; private set; }

    /// <summary>Bytes read.</summary>
    public readonly int Consumed => _at;

    /// <summary>Type of the next value.</summary>
    public readonly MsgPackType Next
    {
        get
        {
            if (Failed || _at >= _bytes.Length)
            {
                return MsgPackType.None;
            }

            return _bytes[_at] switch
            {
                < 0x80 or >= 0xe0 or (>= 0xcc and <= 0xd3) => MsgPackType.Integer,
                < 0x90 or 0xde or 0xdf => MsgPackType.Map,
                < 0xa0 or 0xdc or 0xdd => MsgPackType.Array,
                < 0xc0 or (>= 0xd9 and <= 0xdb) => MsgPackType.Text,
                0xc0 => MsgPackType.Nil,
                0xc2 or 0xc3 => MsgPackType.Boolean,
                >= 0xc4 and <= 0xc6 => MsgPackType.Binary,
                0xca or 0xcb => MsgPackType.Float,
                (>= 0xc7 and <= 0xc9) or (>= 0xd4 and <= 0xd8) => MsgPackType.Extension,
                _ => MsgPackType.None,
            };
        }
    }

    /// <summary>Reads nil; false where something else is next.</summary>
    public bool TryReadNil()
    {
        if (Next != MsgPackType.Nil)
        {
            return false;
        }

        _at++;
        return true;
    }

    /// <summary>The number of values in an array, which follow.</summary>
    public int ReadArray() => ReadCount(MsgPackType.Array, 0x90, 0xdc, 1);

    /// <summary>The number of names and values in a map, which follow in turn.</summary>
    public int ReadMap() => ReadCount(MsgPackType.Map, 0x80, 0xde, 2);

    /// <summary>A whole number; a negative one as its two's complement.</summary>
    public ulong ReadInteger()
    {
        if (Next != MsgPackType.Integer)
        {
            Fail();
            return 0;
        }

        var head = _bytes[_at++];
        return head switch
        {
            < 0x80 => head,
            >= 0xe0 => (ulong)(sbyte)head,
            0xcc => Take(1) is [var b] ? b : 0u,
            0xcd => Take(2) is { IsEmpty: false } two ? BinaryPrimitives.ReadUInt16BigEndian(two) : 0u,
            0xce => Take(4) is { IsEmpty: false } four ? BinaryPrimitives.ReadUInt32BigEndian(four) : 0u,
            0xcf or 0xd3 => Take(8) is { IsEmpty: false } eight ? BinaryPrimitives.ReadUInt64BigEndian(eight) : 0u,
            0xd0 => Take(1) is [var b] ? (ulong)(sbyte)b : 0u,
            0xd1 => Take(2) is { IsEmpty: false } two ? (ulong)BinaryPrimitives.ReadInt16BigEndian(two) : 0u,
            _ => Take(4) is { IsEmpty: false } four ? (ulong)BinaryPrimitives.ReadInt32BigEndian(four) : 0u,
        };
    }

    /// <summary>A text as it is written, in UTF-8.</summary>
    public ReadOnlySpan<byte> ReadText() => Next == MsgPackType.Text ? ReadBytes() : FailBytes();

    /// <summary>Binary data.</summary>
    public ReadOnlySpan<byte> ReadBinary() => Next == MsgPackType.Binary ? ReadBytes() : FailBytes();

    /// <summary>Skips a value with all that is within it, however deep.</summary>
    public void Skip()
    {
        for (var open = 1L; open > 0 && !Failed; open--)
        {
            switch (Next)
            {
                case MsgPackType.Nil or MsgPackType.Boolean:
                    _at++;
                    break;
                case MsgPackType.Integer:
                    ReadInteger();
                    break;
                case MsgPackType.Float:
                    Take(_bytes[_at++] == 0xca ? 4 : 8);
                    break;
                case MsgPackType.Text or MsgPackType.Binary:
                    ReadBytes();
                    break;
                case MsgPackType.Array:
                    open += ReadArray();
                    break;
                case MsgPackType.Map:
                    open += 2L * ReadMap();
                    break;
                case MsgPackType.Extension:
                    SkipExtension();
                    break;
                default:
                    Fail();
                    break;
            }
        }
    }

    private void Fail() => Failed = true;

    private ReadOnlySpan<byte> FailBytes()
    {
        Fail();
        return default;
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        if (Failed || count > _bytes.Length - _at)
        {
            return FailBytes();
        }

        _at += (int)count;
        return _bytes.Slice(_at - (int)count, (int)count);
    }

    /// <summary>A length of one, two or four bytes.</summary>
    private long ReadLength(int size)
    {
        var bytes = Take(size);
        return Failed ? 0 : size switch { 1 => bytes[0], 2 => BinaryPrimitives.ReadUInt16BigEndian(bytes), _ => BinaryPrimitives.ReadUInt32BigEndian(bytes) };
    }

    private ReadOnlySpan<byte> ReadBytes()
    {
        var head = _bytes[_at++];
        return Take(head < 0xc0 ? head & 0x1f : ReadLength(head switch { 0xd9 or 0xc4 => 1, 0xda or 0xc5 => 2, _ => 4 }));
    }

    private void SkipExtension()
    {
        var head = _bytes[_at++];
        Take(1 + (head >= 0xd4 ? 1L << (head - 0xd4) : ReadLength(1 << (head - 0xc7))));
    }

    /// <param name="small">The first byte of those that have the count in their low four bits.</param>
    /// <param name="two">The one that is followed by two bytes of count; the next is followed by four.</param>
    /// <param name="each">Values of each counted thing, of a byte at least.</param>
    private int ReadCount(MsgPackType type, byte small, byte two, int each)
    {
        if (Next != type)
        {
            Fail();
            return 0;
        }

        var head = _bytes[_at++];
        var count = head < 0xc0 ? head - small : ReadLength(head == two ? 2 : 4);
        if (Failed || count * each > _bytes.Length - _at)
        {
            Fail();
            return 0;
        }

        return (int)count;
    }
}
