using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Orleans.Inference.ExtProcGateway.Edge;

/// <summary>
/// The transport's buffers, in blocks of 32 KiB. Kestrel's own blocks have 4 KiB, and one receive fills at most one block: with larger ones a batch
/// of requests, or a body, comes with an eighth of the system calls, and the answers of a batch leave in one piece.
/// </summary>
internal sealed class EdgeMemoryPool : MemoryPool<byte>
{
    public const int BlockSize = 32 * 1024;

    /// <summary>Blocks kept for reuse: 32 MiB.</summary>
    private const int MaxKept = 1024;

    private readonly ConcurrentQueue<Block> _blocks = new();

    public override int MaxBufferSize => BlockSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        return _blocks.TryDequeue(out var block) ? block : new Block(this);
    }

    protected override void Dispose(bool disposing) => _blocks.Clear();

    private void Return(Block block)
    {
        if (_blocks.Count < MaxKept)
        {
            _blocks.Enqueue(block);
        }
    }

    /// <summary>One pool for all listeners of an edge.</summary>
    public sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new EdgeMemoryPool();
    }

    private sealed class Block(EdgeMemoryPool pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);

        public void Dispose() => pool.Return(this);
    }
}
