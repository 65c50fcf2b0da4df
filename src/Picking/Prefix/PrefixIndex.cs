using System.Diagnostics;

namespace Orleans.Inference.Picking.Prefix;

/// <summary>Which model servers of a pool hold which blocks of prompts, as far as the requests sent to them tell: hash → servers, with an LRU for each server.</summary>
/// <remarks>
/// <para>
/// Fed by <see cref="Apply"/>, entry by entry of the pool's log, or by <see cref="Add"/>; asked by <see cref="Match(PrefixHashes, PrefixMatch)"/>, which takes no lock and allocates nothing, from any thread, also while entries are
/// applied. All that changes the index excludes one another by a lock.
/// </para>
/// <para>
/// Within one prompt the last block counts as used first, and so is forgotten first, as model servers do it. So a server that holds a block holds all before it, and «hits up to the first
/// block that nobody holds» (the reference's rule) and «longest prefix» are the same number. The reference lets the first block of a prompt go first, after which the rest of it is lost.
/// </para>
/// <para>
/// Memory for a block of one server: record 16 bytes, stamp 4, bucket 4, at most 6 in the server's queue. Another server of the same block: 6 to 24 in its set, at most 6 in its queue. The
/// figures measured are in bench/results/prefix.md.
/// </para>
/// </remarks>
public sealed class PrefixIndex
{
    /// <summary>Server numbers lie below this.</summary>
    public const int MaxServers = 65_472;

    /// <summary>Blocks of servers that left which one addition clears away beside its own work.</summary>
    private const int SweptByAdd = 64;

    private readonly Lock _writing = new();
    private readonly bool _hasGaps;
    private readonly BlockTable _table = new();
    private readonly BlockServers _servers;
    private readonly Queue<ServerHistory> _left = new();
    private readonly Queue<int> _swept = new();
    private ServerHistory?[] _histories = [];
    private int _words = 1;
    private long _pairs;
    private long _sequence;

    /// <summary>An index of blocks that servers are taken to hold because prompts were sent to them.</summary>
    public PrefixIndex()
        : this(hasGaps: false)
    {
    }

    /// <param name="hasGaps">A server may hold a block and not the one before it: blocks are removed one by one (<see cref="ServerBlocks"/>). A match looks at every block then.</param>
    internal PrefixIndex(bool hasGaps)
    {
        _hasGaps = hasGaps;
        _servers = new BlockServers(_table);
    }

    /// <summary>Block-and-server pairs in the index.</summary>
    public long Pairs => Volatile.Read(ref _pairs);

    /// <summary>Sequence of the last entry applied.</summary>
    public long Sequence => Volatile.Read(ref _sequence);

    /// <summary>Blocks that a server holds; 0 for one that is not known.</summary>
    public int BlocksOf(int server)
    {
        lock (_writing)
        {
            return History(server)?.Count ?? 0;
        }
    }

    /// <summary>Bytes of all arrays of the index, used or not.</summary>
    public long AllocatedBytes()
    {
        lock (_writing)
        {
            return _table.AllocatedBytes + _servers.AllocatedBytes + ((long)_histories.Length * sizeof(long))
                + _histories.Concat(_left).Sum(h => h?.AllocatedBytes ?? 0);
        }
    }

    /// <summary>Finds how much of a request's prompts each server holds.</summary>
    /// <remarks>
    /// Costs about log2(blocks) look-ups for each group of servers that hold equally much; with gaps a look-up for each block up to the first that nobody holds. For each server the answer lies
    /// between the least and the most that it held during the call.
    /// </remarks>
    public void Match(PrefixHashes hashes, PrefixMatch match)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        ArgumentNullException.ThrowIfNull(match);
        var words = Volatile.Read(ref _words);
        match.Begin(hashes.TotalBlocks, hashes.BlockTokens, words * 64);
        for (var i = 0; i < hashes.ChainCount; i++)
        {
            var search = new PrefixSearch(_table, _servers, hashes.Chain(i), match, words);
            if (_hasGaps)
            {
                search.Walk();
            }
            else
            {
                search.Run();
            }
        }
    }

    /// <summary>Finds how many tokens of a request's items each server holds: each item is a chain of one block, which counts its tokens.</summary>
    /// <remarks>For an index of items alone. Costs a look-up for each item.</remarks>
    public void Match(MediaItems items, PrefixMatch match)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(match);
        var words = Volatile.Read(ref _words);
        match.Begin(items.TotalSize, blockTokens: 1, words * 64);
        for (var i = 0; i < items.Count; i++)
        {
            new PrefixSearch(_table, _servers, items.Hashes.Slice(i, 1), match, words, items.Sizes[i]).Run();
        }
    }

    /// <summary>Applies one entry of the log: its server holds the blocks of its chain, as used just now, and forgets its oldest ones beyond its capacity.</summary>
    /// <returns>False where the entry changes nothing: it, or a later one, was applied before, or its server has left and is not cleared away yet.</returns>
    /// <remarks>Costs a look-up for each block, and an eviction for each new one once the server is full. A chain longer than the server's capacity counts up to that.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The server's number or the capacity is out of range.</exception>
    public bool Apply(in PrefixLogEntry entry)
    {
        lock (_writing)
        {
            if (entry.Sequence <= _sequence)
            {
                return false;
            }

            var applied = Add(entry.Server, entry.Capacity, entry.Hashes.Span);
            Volatile.Write(ref _sequence, entry.Sequence);
            return applied;
        }
    }

    /// <summary>What <see cref="Apply"/> does, at once and outside the log's order: for a gateway's own requests, before or without their entry in a shared log.</summary>
    /// <remarks>When the entry comes by the log later, it only marks the same blocks as used again.</remarks>
    /// <returns>False where the server has left and is not cleared away yet.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The server's number or the capacity is out of range.</exception>
    public bool Add(int server, int capacity, ReadOnlySpan<ulong> chain)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)server, (uint)MaxServers, nameof(server));
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        lock (_writing)
        {
            Sweep(SweptByAdd);
            if (History(server) is null && !TryJoin(server, capacity))
            {
                return false;
            }

            Use(History(server)!, chain);
            return true;
        }
    }

    /// <summary>Forgets a server that left the pool. Costs nothing now: its blocks are cleared away little by little, by additions and <see cref="TrySweep"/>.</summary>
    /// <remarks>Until <see cref="TryTakeSwept"/> has returned the number, it names the server that left, also in matches, and must not be given to another.</remarks>
    public void Remove(int server)
    {
        lock (_writing)
        {
            if (History(server) is { } history)
            {
                _histories[server] = null;
                _left.Enqueue(history);
            }
            else if (server is >= 0 and < MaxServers && !IsLeaving(server))
            {
                _swept.Enqueue(server);
            }
        }
    }

    /// <summary>Clears away at most <paramref name="blocks"/> blocks of servers that left; false when there is nothing left to do.</summary>
    public bool TrySweep(int blocks)
    {
        lock (_writing)
        {
            Sweep(blocks);
            return _left.Count > 0;
        }
    }

    /// <summary>The number of a removed server of which nothing is left in the index, each once: it may be given to another server.</summary>
    public bool TryTakeSwept(out int server)
    {
        lock (_writing)
        {
            return _swept.TryDequeue(out server);
        }
    }

    /// <summary>Lets a server tell itself what it holds; null while the blocks of one that had the number are being cleared away.</summary>
    internal ServerHistory? Join(int server, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)server, (uint)MaxServers, nameof(server));
        lock (_writing)
        {
            return History(server) is not null || TryJoin(server, capacity) ? History(server) : null;
        }
    }

    /// <summary>Adds blocks of a server that joined; false where it has left, whoever has its number now.</summary>
    internal bool Hold(ServerHistory server, ReadOnlySpan<ulong> blocks)
    {
        lock (_writing)
        {
            if (History(server.Server) != server)
            {
                return false;
            }

            Use(server, blocks);
            return true;
        }
    }

    /// <summary>Takes one block from a server that joined.</summary>
    internal void Release(ServerHistory server, ulong block)
    {
        lock (_writing)
        {
            if (History(server.Server) == server && _table.Find(block) is not BlockTable.None and var id && _servers.TryStamp(id, server.Server, out _))
            {
                Drop(server, id);
            }
        }
    }

    /// <summary>Takes at most <paramref name="blocks"/> blocks from a server that joined; false when it has none left.</summary>
    internal bool TryClear(ServerHistory server, int blocks)
    {
        lock (_writing)
        {
            while (blocks > 0 && History(server.Server) == server && TryForgetOldest(server))
            {
                blocks--;
            }

            return blocks == 0;
        }
    }

    private ServerHistory? History(int server) => (uint)server < (uint)_histories.Length ? _histories[server] : null;

    private bool IsLeaving(int server) => _left.Any(h => h.Server == server);

    private bool TryJoin(int server, int capacity)
    {
        if (_left.Count > 0 && IsLeaving(server))
        {
            return false;
        }

        if (server >= _histories.Length)
        {
            Array.Resize(ref _histories, Math.Min(MaxServers, Math.Max(64, Math.Max(server + 1, _histories.Length * 3 / 2))));
            _servers.Grow(_histories.Length);
        }

        // Readers search up to the last number in use only.
        Volatile.Write(ref _words, Math.Max(_words, (server / 64) + 1));
        _histories[server] = new ServerHistory(server, capacity);
        return true;
    }

    private void Use(ServerHistory history, ReadOnlySpan<ulong> chain)
    {
        chain = chain[..Math.Min(chain.Length, history.Capacity)];

        // The first block gets the last place in the queue, but is published first, so that what readers see has no holes.
        var place = history.Reserve(chain.Length, _servers) + chain.Length;
        foreach (var hash in chain)
        {
            place--;
            var stamp = (uint)place;
            var id = _table.Find(hash);
            if (id == BlockTable.None)
            {
                id = _table.Insert(hash, history.Server, stamp);
                history.Count++;
                _pairs++;
            }
            else if (_servers.TryStamp(id, history.Server, out var at))
            {
                _servers.Stamp(at) = stamp;
            }
            else
            {
                _servers.Add(id, history.Server, stamp);
                history.Count++;
                _pairs++;
            }

            history.Set(place, id);
            if (history.Count > history.Capacity)
            {
                var taken = TryForgetOldest(history);
                Debug.Assert(taken);
            }
        }
    }

    private bool TryForgetOldest(ServerHistory history)
    {
        if (!history.TryTakeOldest(_servers, out var id))
        {
            return false;
        }

        Drop(history, id);
        return true;
    }

    private void Drop(ServerHistory history, int id)
    {
        if (!_servers.TryRemove(id, history.Server))
        {
            _table.Remove(id);
        }

        history.Count--;
        _pairs--;
    }

    private void Sweep(int blocks)
    {
        while (blocks > 0 && _left.TryPeek(out var history))
        {
            if (TryForgetOldest(history))
            {
                blocks--;
            }
            else
            {
                _left.Dequeue();
                _swept.Enqueue(history.Server);
            }
        }
    }
}
