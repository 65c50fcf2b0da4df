using System.Buffers;
using System.Diagnostics;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>A request's body as it arrives, in rented pieces that are given back by <see cref="Release"/>.</summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class BodyBuffer
{
    private const int SmallestPiece = 2 * 1024;
    private const int LargestGrowth = 256 * 1024;

    private Piece? _first;
    private Piece? _last;

    /// <summary>Bytes held.</summary>
    public long Length { get; private set; }

    /// <summary>What has been appended; valid until <see cref="Release"/>.</summary>
    public ReadOnlySequence<byte> Content =>
        _first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_first, 0, _last!, _last!.Memory.Length);

    /// <summary>Copies bytes to the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_last is { } last)
        {
            var fits = Math.Min(last.Free, bytes.Length);
            last.Append(bytes[..fits]);
            Length += fits;
            bytes = bytes[fits..];
        }

        if (!bytes.IsEmpty)
        {
            var size = Math.Max(bytes.Length, (int)Math.Clamp(Length, SmallestPiece, LargestGrowth));
            Add(new Piece(ArrayPool<byte>.Shared.Rent(size), 0, 0));
            _last!.Append(bytes);
            Length += bytes.Length;
        }
    }

    /// <summary>Takes over a rented array of which a part is the next piece of the body, so that a large piece is not copied again.</summary>
    public void Adopt(byte[] rented, int offset, int length)
    {
        Add(new Piece(rented, offset, length));
        Length += length;
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
    }

    private void Add(Piece piece)
    {
        _last?.Follow(piece);
        _first ??= piece;
        _last = piece;
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        private readonly byte[] _array;
        private readonly int _offset;
        private readonly bool _full;
        private int _length;

        public Piece(byte[] array, int offset, int length)
        {
            _array = array;
            _offset = offset;
            _length = length;
            _full = length > 0; // adopted: what lies behind the part belongs to the same message
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

        public void Return() => ArrayPool<byte>.Shared.Return(_array);
    }
}
