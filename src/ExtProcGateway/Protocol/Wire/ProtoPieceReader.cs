namespace Orleans.Inference.ExtProcGateway.Protocol.Wire;

/// <summary>Reads the fields of a protobuf message that comes in pieces cut anywhere: <see cref="ProtoReader"/> for what is not held.</summary>
/// <remarks>
/// A mutable struct. Keeps where it is, not the bytes, so values may have any size. A message within a value is read by another reader, which gets the value's bytes. Fixed
/// 32 and 64 bits are passed over; no message here has fields of them. After a malformed field nothing more is read, and the message is never whole.
/// </remarks>
internal struct ProtoPieceReader
{
    private const int LongestVarint = 10;

    private State _state;

    /// <summary>Bytes so far of the varint that is under way.</summary>
    private int _digits;

    /// <summary>The varint that is under way, or how many bytes of a value are left.</summary>
    private ulong _number;

    private enum State : byte
    {
        Tag,
        Varint,
        Length,
        Content,
        Skipped,
        Malformed,
    }

    /// <summary>Number of the field that was come upon last.</summary>
    public int Field { get; private set; }

    /// <summary>Value of the last <see cref="ProtoPiece.Varint"/>.</summary>
    public ulong Value { get; private set; }

    /// <summary>What was read is a message from its first to its last byte.</summary>
    public readonly bool IsWhole => _state == State.Tag && _digits == 0;

    /// <summary>Goes on with the next bytes; to be called until it says <see cref="ProtoPiece.None"/>, when all of them are used.</summary>
    /// <param name="content">The bytes, where they are <see cref="ProtoPiece.Content"/>.</param>
    public ProtoPiece Read(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> content)
    {
        content = default;
        while (true)
        {
            switch (_state)
            {
                case State.Content or State.Skipped when _number == 0:
                    var wasContent = _state == State.Content;
                    _state = State.Tag;
                    if (wasContent)
                    {
                        return ProtoPiece.End;
                    }

                    break;
                case State.Content or State.Skipped:
                    var part = bytes[..(int)Math.Min(_number, (ulong)bytes.Length)];
                    if (part.IsEmpty)
                    {
                        return ProtoPiece.None;
                    }

                    bytes = bytes[part.Length..];
                    _number -= (ulong)part.Length;
                    if (_state == State.Content)
                    {
                        content = part;
                        return ProtoPiece.Content;
                    }

                    break;
                case State.Malformed:
                    bytes = default;
                    return ProtoPiece.None;
                default:
                    if (!TryReadVarint(ref bytes, out var number))
                    {
                        return ProtoPiece.None;
                    }

                    if (Take(number) is var piece and not ProtoPiece.None)
                    {
                        return piece;
                    }

                    break;
            }
        }
    }

    /// <summary>A varint is whole.</summary>
    private ProtoPiece Take(ulong number)
    {
        switch (_state)
        {
            case State.Varint:
                _state = State.Tag;
                Value = number;
                return ProtoPiece.Varint;
            case State.Length:
                _state = number <= int.MaxValue ? State.Content : State.Malformed;
                _number = number;
                return _state == State.Content ? ProtoPiece.Begin : ProtoPiece.None;
            default:
                Field = (int)(number >> 3);
                (_state, _number) = (WireType)(number & 7) switch
                {
                    _ when Field <= 0 || number > uint.MaxValue => (State.Malformed, 0ul),
                    WireType.Varint => (State.Varint, 0ul),
                    WireType.Fixed64 => (State.Skipped, (ulong)sizeof(ulong)),
                    WireType.LengthDelimited => (State.Length, 0ul),
                    WireType.Fixed32 => (State.Skipped, (ulong)sizeof(uint)),
                    _ => (State.Malformed, 0ul), // groups are not used by any message here
                };
                return ProtoPiece.None;
        }
    }

    private bool TryReadVarint(ref ReadOnlySpan<byte> bytes, out ulong number)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (_digits == LongestVarint)
            {
                break;
            }

            _number |= (ulong)(bytes[i] & 0x7f) << (7 * _digits++);
            if (bytes[i] < 0x80)
            {
                number = _number;
                (_number, _digits) = (0, 0);
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        _state = _digits == LongestVarint ? State.Malformed : _state;
        bytes = default;
        number = 0;
        return false;
    }
}
