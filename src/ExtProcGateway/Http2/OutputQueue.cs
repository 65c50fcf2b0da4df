using System.Buffers;
using System.Diagnostics;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>Bytes of one stream that wait for their window or the transport, in order, in pooled arrays.</summary>
internal sealed class OutputQueue
{
    private const int SmallestBlock = 4096;

    private readonly Queue<Block> _full = new();
    private Block _head;
    private Block _tail;
    private int _reserved;

    public long Length { get; private set; }

    /// <summary>Room for exactly <paramref name="length"/> bytes that lie together; part of the queue with <see cref="Commit"/>.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_tail.Array is null || _tail.Array.Length - _tail.End < length)
        {
            if (_tail.Array is not null)
            {
                _full.Enqueue(_tail);
            }

            _tail = new Block(ArrayPool<byte>.Shared.Rent(Math.Max(length, SmallestBlock)), 0, 0);
        }

        _reserved = length;
        return _tail.Array.AsSpan(_tail.End, length);
    }

    public void Commit()
    {
        _tail = _tail with { End = _tail.End + _reserved };
        Length += _reserved;
        _reserved = 0;
    }

    /// <summary>Moves the oldest bytes, as many as <paramref name="destination"/> takes.</summary>
    public void Take(Span<byte> destination)
    {
        Debug.Assert(destination.Length <= Length);
        Length -= destination.Length;
        while (destination.Length > 0)
        {
            if (_head.Start == _head.End)
            {
                NextHead();
            }

            var count = Math.Min(destination.Length, _head.End - _head.Start);
            _head.Array.AsSpan(_head.Start, count).CopyTo(destination);
            _head = _head with { Start = _head.Start + count };
            destination = destination[count..];
        }

        if (Length == 0)
        {
            Clear();
        }
    }

    /// <summary>Drops all and gives the arrays back.</summary>
    public void Clear()
    {
        Return(_head.Array);
        Return(_tail.Array);
        while (_full.TryDequeue(out var block))
        {
            Return(block.Array);
        }

        _head = _tail = default;
        _reserved = 0;
        Length = 0;
    }

    private void NextHead()
    {
        Return(_head.Array);
        if (!_full.TryDequeue(out _head))
        {
            _head = _tail;
            _tail = default;
        }
    }

    private static void Return(byte[]? array)
    {
        if (array is not null)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private readonly record struct Block(byte[]? Array, int Start, int End);
}
