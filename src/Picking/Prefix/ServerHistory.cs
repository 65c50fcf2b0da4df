using System.Diagnostics;

namespace Orleans.Inference.Picking.Prefix;

/// <summary>The blocks of one server in the order of their last use, oldest first: an exact LRU in about six bytes a block.</summary>
/// <remarks>
/// A queue of block indexes. A block that is used again is put at the end and its stamp, which is the low half of its place in the queue, is changed; its earlier place is stale and is skipped
/// when it comes up. When stale places fill the queue, it is written anew, or made larger; each use pays for at most four places of that. Used by the index's writer only.
/// </remarks>
internal sealed class ServerHistory(int server, int capacity)
{
    private const int MinLength = 64;

    private int[] _ring = [];
    private long _head;
    private long _tail;

    /// <summary>The server's number.</summary>
    public int Server => server;

    /// <summary>Blocks to remember at most.</summary>
    public int Capacity => capacity;

    /// <summary>Blocks that the server holds.</summary>
    public int Count { get; set; }

    /// <summary>Bytes of the object and its queue.</summary>
    public long AllocatedBytes => 56 + 24 + ((long)_ring.Length * sizeof(int));

    /// <summary>Makes room for the next <paramref name="count"/> places and returns the first.</summary>
    public long Reserve(int count, BlockServers servers)
    {
        if (_tail + count - _head > _ring.Length)
        {
            Clean(count, servers);
        }

        var first = _tail;
        _tail += count;
        return first;
    }

    /// <summary>Puts a block at a reserved place.</summary>
    public void Set(long place, int id) => _ring[place % _ring.Length] = id;

    /// <summary>Takes the oldest block out of the queue; false when it is empty. The block still has to be taken from the server.</summary>
    public bool TryTakeOldest(BlockServers servers, out int id)
    {
        while (_head < _tail)
        {
            var place = _head++;
            id = _ring[place % _ring.Length];
            if (servers.TryStamp(id, server, out var at) && servers.Stamp(at) == (uint)place)
            {
                return true;
            }
        }

        id = BlockTable.None;
        return false;
    }

    private void Clean(int count, BlockServers servers)
    {
        var needed = (long)Count + count;
        var ring = needed <= _ring.Length / 4 * 3L ? _ring : new int[Math.Max(MinLength, needed * 3 / 2)];
        var kept = _head;
        if (ring != _ring)
        {
            // Places are remainders of another length from here on: begin where old and new places can't be confused.
            kept = _tail;
        }

        var (from, to) = (_head, _tail);
        _head = kept;
        for (var place = from; place < to; place++)
        {
            var id = _ring[place % _ring.Length];
            if (servers.TryStamp(id, server, out var at))
            {
                ref var stamp = ref servers.Stamp(at);
                if (stamp == (uint)place)
                {
                    stamp = (uint)kept;
                    ring[kept % ring.Length] = id;
                    kept++;
                }
            }
        }

        Debug.Assert(kept - _head == Count);
        _tail = kept;
        _ring = ring;
    }
}
