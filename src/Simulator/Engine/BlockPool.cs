using System.Diagnostics;

namespace Orleans.Inference.Simulator.Engine;

/// <summary>The KV cache's blocks: in use, or free in the order in which they will be taken.</summary>
/// <remarks>
/// A block that is released keeps its content and its hash until it is taken for something else: the free list is the cache's LRU list, as in
/// vLLM. Usage therefore counts blocks in use only.
/// </remarks>
internal sealed class BlockPool
{
    private const int None = -1;

    private readonly int[] _users;
    private readonly int[] _previous;
    private readonly int[] _next;
    private readonly ulong[] _hashes;
    private readonly bool[] _hashed;
    private readonly Dictionary<ulong, int> _byHash = [];
    private int _first;
    private int _last;

    public BlockPool(int count)
    {
        _users = new int[count];
        _previous = new int[count];
        _next = new int[count];
        _hashes = new ulong[count];
        _hashed = new bool[count];
        for (var i = 0; i < count; i++)
        {
            _previous[i] = i - 1;
            _next[i] = i + 1 < count ? i + 1 : None;
        }

        _first = 0;
        _last = count - 1;
        FreeCount = count;
    }

    public int Count => _users.Length;

    /// <summary>Blocks that nobody uses, with or without a content that could be found again.</summary>
    public int FreeCount { get; private set; }

    /// <summary>Blocks whose content can be found by its hash.</summary>
    public int CachedCount => _byHash.Count;

    public double Usage => (double)(Count - FreeCount) / Count;

    public bool IsFree(int block) => _users[block] == 0;

    public bool TryFind(ulong hash, out int block) => _byHash.TryGetValue(hash, out block);

    /// <summary>One more user for a block that was found.</summary>
    public void Share(int block)
    {
        if (_users[block]++ == 0)
        {
            Unlink(block);
        }
    }

    /// <summary>The block that was released longest ago; what it held is forgotten. There must be a free one.</summary>
    public int Take()
    {
        Debug.Assert(FreeCount > 0);
        var block = _first;
        Unlink(block);
        _users[block] = 1;
        if (_hashed[block])
        {
            _hashed[block] = false;
            _byHash.Remove(_hashes[block]);
        }

        return block;
    }

    /// <summary>Makes the block's content findable, unless another block holds the same.</summary>
    public void Remember(int block, ulong hash)
    {
        if (!_hashed[block] && _byHash.TryAdd(hash, block))
        {
            _hashed[block] = true;
            _hashes[block] = hash;
        }
    }

    /// <summary>One user less. The last one puts the block at the end of the free list.</summary>
    public void Release(int block)
    {
        Debug.Assert(_users[block] > 0);
        if (--_users[block] > 0)
        {
            return;
        }

        _previous[block] = _last;
        _next[block] = None;
        if (_last == None)
        {
            _first = block;
        }
        else
        {
            _next[_last] = block;
        }

        _last = block;
        FreeCount++;
    }

    private void Unlink(int block)
    {
        var (previous, next) = (_previous[block], _next[block]);
        if (previous == None)
        {
            _first = next;
        }
        else
        {
            _next[previous] = next;
        }

        if (next == None)
        {
            _last = previous;
        }
        else
        {
            _previous[next] = previous;
        }

        FreeCount--;
    }
}
