using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Orleans.Inference.Picking.Prefix;

/// <summary>The blocks that one model server says it holds: the server's names of them, and what the pool's index calls them.</summary>
/// <remarks>
/// A server may tell of a block several times, for copies and for tiers of its cache, and tells of each one's end: the block is held until the last has ended. Some 40 to 80 bytes a block beside the
/// index's. One thread at a time.
/// </remarks>
public sealed class ServerBlocks
{
    /// <summary>Blocks of a server that are kept unless something else is said: 16 million tokens in blocks of 16, more than caches hold, and at most 100 MB.</summary>
    public const int UsualCapacity = 1 << 20;

    /// <summary>Blocks that are cleared under one lock.</summary>
    private const int ClearedAtOnce = 4096;

    private readonly PrefixIndex _index;
    private readonly ServerHistory _history;
    private Dictionary<ulong, (ulong Hash, int Copies)> _blocks = [];

    internal ServerBlocks(PrefixIndex index, ServerHistory history)
    {
        _index = index;
        _history = history;
        Clear();
    }

    /// <summary>Blocks held, by the server's names.</summary>
    public int Count => _blocks.Count;

    /// <summary>What the index calls a block.</summary>
    /// <param name="name">The server's name of it.</param>
    public bool TryFind(ulong name, out ulong hash)
    {
        var isHeld = _blocks.TryGetValue(name, out var block);
        hash = block.Hash;
        return isHeld;
    }

    /// <summary>The server holds these blocks, in the order of their chain.</summary>
    /// <param name="names">The server's names.</param>
    /// <param name="chain">The hashes: as many.</param>
    /// <returns>False where there is no room for all; those that there is room for are taken.</returns>
    public bool Hold(ReadOnlySpan<ulong> names, ReadOnlySpan<ulong> chain)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(chain.Length, names.Length, nameof(chain));
        var room = Math.Max(0, Math.Min(names.Length, _history.Capacity - _blocks.Count));
        for (var i = 0; i < room; i++)
        {
            ref var block = ref CollectionsMarshal.GetValueRefOrAddDefault(_blocks, names[i], out _);
            block = (chain[i], block.Copies + 1);
        }

        _index.Hold(_history, chain[..room]);
        return room == names.Length;
    }

    /// <summary>The server holds one more copy of a block; nothing happens where it is not known.</summary>
    public void HoldCopy(ulong name)
    {
        ref var block = ref CollectionsMarshal.GetValueRefOrNullRef(_blocks, name);
        if (!Unsafe.IsNullRef(ref block))
        {
            block.Copies++;
        }
    }

    /// <summary>The server has dropped a copy of a block; nothing happens where it is not known.</summary>
    public void Drop(ulong name)
    {
        if (!_blocks.TryGetValue(name, out var block))
        {
            return;
        }

        if (block.Copies > 1)
        {
            _blocks[name] = block with { Copies = block.Copies - 1 };
            return;
        }

        _blocks.Remove(name);
        _index.Release(_history, block.Hash);
    }

    /// <summary>The server holds nothing, or nobody knows what.</summary>
    public void Clear()
    {
        _blocks = [];
        while (_index.TryClear(_history, ClearedAtOnce))
        {
            // Others write in between.
        }
    }
}
