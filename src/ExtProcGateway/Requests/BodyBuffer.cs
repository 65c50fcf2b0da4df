using System.Buffers;
using System.Diagnostics;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>A body as it arrives, in rented pieces that are given back by <see cref="Release"/>.</summary>
/// <param name="budget">Where the pieces' memory is counted; null for nowhere.</param>
/// <remarks>One thread at a time.</remarks>
internal sealed class BodyBuffer(HeldBytes? budget = null)
{
    private const int SmallestPiece = 2 * 1024;
    private const int LargestGrowth = 256 * 1024;

    private Piece? _first;
    private Piece? _last;

    /// <summary>Length of the pieces' arrays, as the budget counts them.</summary>
    private long _counted;

    /// <summary>Bytes held.</summary>
    public long Length { get; private set; }

    /// <summary>What has been appended; valid until <see cref="Release"/>.</summary>
    public ReadOnlySequence<byte> Content =>
        _first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_first, 0, _last!, _last!.Memory.Length);

    /// <summary>Copies bytes to the end; false where the budget has no room for them, and nothing is copied then.</summary>
    public bool Append(ReadOnlySpan<byte> bytes)
    {
        var fits = Math.Min(_last?.Free ?? 0, bytes.Length);
        Piece? next = null;
        if (fits < bytes.Length)
        {
            // Where there is no room to grow, there may be for what came.
            var needed = bytes.Length - fits;
            var grown = Math.Max(needed, (int)Math.Clamp(Length + fits, SmallestPiece, LargestGrowth));
            if ((TryRent(grown) ?? TryRent(needed)) is not { } rented)
            {
                return false;
            }

            next = new Piece(rented, 0, 0);
        }

        if (fits > 0)
        {
            _last!.Append(bytes[..fits]);
        }

        if (next is not null)
        {
            Add(next);
            next.Append(bytes[fits..]);
        }

        Length += bytes.Length;
        return true;
    }

    /// <summary>Takes over a rented array of which a part is the next piece of the body, so that a large piece is not copied again.</summary>
    /// <returns>False where the budget has no room for it: the array stays the caller's then.</returns>
    public bool Adopt(byte[] rented, int offset, int length)
    {
        if (length == 0)
        {
            ArrayPool<byte>.Shared.Return(rented);
            return true;
        }

        if (!TryCount(rented))
        {
            return false;
        }

        Add(new Piece(rented, offset, length));
        Length += length;
        return true;
    }

    /// <summary>Puts other bytes, of any length, in the place of some; the rest stays where it is in memory and is not copied.</summary>
    /// <remarks>For small pieces, which are counted but never refused. A <see cref="Content"/> that was taken before no longer holds.</remarks>
    public void Replace(long offset, int length, ReadOnlySpan<byte> replacement)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, Length);
        var before = EndingAt(offset);
        var last = EndingAt(offset + length);
        if (length > 0)
        {
            for (var piece = Behind(before); ; piece = piece.Following)
            {
                piece!.Clear();
                if (piece == last)
                {
                    break;
                }
            }
        }

        if (!replacement.IsEmpty)
        {
            var rented = ArrayPool<byte>.Shared.Rent(replacement.Length);
            budget?.Hold(rented.Length);
            _counted += rented.Length;
            var piece = new Piece(rented, 0, 0);
            piece.Append(replacement);
            Insert(before, piece);
        }

        Length = 0;
        for (var piece = _first; piece is not null; piece = piece.Following)
        {
            Length = piece.Begin(Length);
        }
    }

    /// <summary>Gives everything back. May be called again.</summary>
    public void Release()
    {
        for (var piece = _first; piece is not null; piece = piece.Following)
        {
            piece.Return();
        }

        _first = _last = null;
        Length = 0;
        budget?.Release(_counted);
        _counted = 0;
    }

    private byte[]? TryRent(int size)
    {
        var rented = ArrayPool<byte>.Shared.Rent(size);
        if (TryCount(rented))
        {
            return rented;
        }

        ArrayPool<byte>.Shared.Return(rented);
        return null;
    }

    private bool TryCount(byte[] rented)
    {
        if (budget is not null && !budget.TryHold(rented.Length))
        {
            return false;
        }

        _counted += rented.Length;
        return true;
    }

    private void Add(Piece piece)
    {
        _last?.Follow(piece);
        _first ??= piece;
        _last = piece;
    }

    /// <summary>The first piece that ends there, made by cutting one in two where there is none; null for the body's beginning.</summary>
    private Piece? EndingAt(long offset)
    {
        Piece? previous = null;
        for (var piece = _first; offset > 0; piece = piece.Following)
        {
            Debug.Assert(piece is not null, "the offset is within the body");
            if (offset < piece!.Memory.Length)
            {
                Insert(piece, piece.Cut((int)offset));
            }

            offset -= piece.Memory.Length;
            previous = piece;
        }

        return previous;
    }

    private Piece? Behind(Piece? piece) => piece is null ? _first : piece.Following;

    private void Insert(Piece? before, Piece piece)
    {
        piece.Precede(Behind(before));
        if (before is null)
        {
            _first = piece;
        }
        else
        {
            before.Precede(piece);
        }

        if (_last is null || _last == before)
        {
            _last = piece;
        }
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        private readonly byte[] _array;
        private readonly int _offset;
        private readonly bool _borrowed;
        private bool _full;
        private int _length;

        public Piece(byte[] array, int offset, int length, bool borrowed = false)
        {
            _borrowed = borrowed;
            _array = array;
            _offset = offset;
            _length = length;
            _full = length > 0; // adopted or cut: what lies behind the part belongs to the same message
            Memory = array.AsMemory(offset, length);
        }

        public int Free => _full ? 0 : _array.Length - _length;

        public Piece? Following => (Piece?)Next;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            Debug.Assert(bytes.Length <= Free || bytes.IsEmpty);
            bytes.CopyTo(_array.AsSpan(_length));
            _length += bytes.Length;
            Memory = _array.AsMemory(_offset, _length);
        }

        public void Follow(Piece piece)
        {
            piece.RunningIndex = RunningIndex + Memory.Length;
            Next = piece;
        }

        /// <summary>Keeps the bytes before an offset; the others become a piece that shares the array, which this piece alone gives back.</summary>
        public Piece Cut(int offset)
        {
            var rest = new Piece(_array, _offset + offset, Memory.Length - offset, borrowed: true);
            Memory = Memory[..offset];
            _full = true;
            return rest;
        }

        /// <summary>Holds nothing any more, but keeps its array, which other pieces may share.</summary>
        public void Clear()
        {
            Memory = default;
            _full = true;
        }

        public void Precede(Piece? piece) => Next = piece;

        /// <summary>Sets where in the body the piece begins; gives where it ends.</summary>
        public long Begin(long index)
        {
            RunningIndex = index;
            return index + Memory.Length;
        }

        public void Return()
        {
            if (!_borrowed)
            {
                ArrayPool<byte>.Shared.Return(_array);
            }
        }
    }
}
