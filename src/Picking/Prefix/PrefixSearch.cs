using System.Diagnostics;
using System.Numerics;

namespace Orleans.Inference.Picking.Prefix;

/// <summary>Finds, for one chain of hashes, how long a prefix each server holds: a binary search for all servers at once, or a walk from block to block.</summary>
/// <remarks>
/// <para>
/// <see cref="Run"/>: the blocks that a server holds are closed under «comes before»: who holds a block holds all before it (<see cref="PrefixIndex"/> sees to that). So a set of servers of which all hold block
/// <c>low</c> and none holds block <c>high</c> is parted by those that hold the block in the middle, and both halves are searched on. Blocks where nothing changes are never looked at: one
/// group of servers costs log2(blocks) look-ups, whatever its size, and no server is visited that holds nothing.
/// </para>
/// <para>
/// <see cref="Walk"/>: where a server may hold a block and not the one before it, each block is looked at, in order, up to the first that none of the servers of all before it holds.
/// </para>
/// <para>
/// Each conclusion about a server rests on what was seen of this server alone: it held block <c>low</c> at one moment and not the next block at another. So while a writer works, the
/// answer for each server lies between the least and the most that it held during the search.
/// </para>
/// </remarks>
internal readonly ref struct PrefixSearch
{
    private readonly BlockTable _table;
    private readonly BlockServers _servers;
    private readonly ReadOnlySpan<ulong> _chain;
    private readonly PrefixMatch _match;
    private readonly Span<ulong> _sets;
    private readonly int _words;
    private readonly int _weight;

    /// <param name="words">Length of a set of servers.</param>
    /// <param name="weight">What each block counts.</param>
    public PrefixSearch(BlockTable table, BlockServers servers, ReadOnlySpan<ulong> chain, PrefixMatch match, int words, int weight = 1)
    {
        _table = table;
        _servers = servers;
        _chain = chain;
        _match = match;
        _words = words;
        _weight = weight;

        // A set for each halving, one for all servers, one for those of the first block.
        _sets = match.Words(words * (BitOperations.Log2((uint)chain.Length) + 4));
    }

    /// <summary>Adds what each server holds of the chain to the match.</summary>
    public void Run()
    {
        if (_chain.IsEmpty)
        {
            return;
        }

        var all = Set(0);
        all.Fill(ulong.MaxValue);
        var count = Holders(1, all, int.MaxValue, Set(1));
        if (count > 0)
        {
            Part(1, _chain.Length + 1, 1, count);
        }
    }

    /// <summary>The same where what a server holds may have gaps: its prefix ends before the first.</summary>
    public void Walk()
    {
        if (_chain.IsEmpty)
        {
            return;
        }

        Set(0).Fill(ulong.MaxValue);
        var (set, count) = (1, Holders(1, Set(0), int.MaxValue, Set(1)));
        for (var place = 2; count > 0; place++)
        {
            var servers = Set(set);
            var holders = Set(3 - set);
            var held = place > _chain.Length ? 0 : Holders(place, servers, count, holders);
            if (held < count)
            {
                if (held > 0)
                {
                    for (var i = 0; i < servers.Length; i++)
                    {
                        servers[i] &= ~holders[i];
                    }
                }

                _match.Add(servers, place - 1);
            }

            (set, count) = (3 - set, held);
        }
    }

    /// <summary>Parts the servers of a set that hold <paramref name="low"/> blocks and not <paramref name="high"/>.</summary>
    private void Part(int low, int high, int set, int count)
    {
        var servers = Set(set);
        while (high - low > 1)
        {
            // The last block first: a prompt that was seen whole is common, and one step more is cheap.
            var middle = high > _chain.Length ? high - 1 : (low + high) / 2;
            var holders = Set(set + 1);
            var held = Holders(middle, servers, count, holders);
            if (held == 0)
            {
                high = middle;
            }
            else if (held == count)
            {
                low = middle;
            }
            else
            {
                for (var i = 0; i < servers.Length; i++)
                {
                    servers[i] &= ~holders[i];
                }

                count -= held;
                Part(middle, high, set + 1, held);
                high = middle;
            }
        }

        _match.Add(servers, low * _weight);
    }

    /// <summary>Those of <paramref name="among"/> that hold the block at a place, which counts from 1.</summary>
    private int Holders(int place, ReadOnlySpan<ulong> among, int count, Span<ulong> found)
    {
        var hash = _chain[place - 1];
        while (true)
        {
            var version = _table.Version(hash);
            var id = _table.Find(hash);
            var held = _servers.Intersect(id == BlockTable.None ? BlockServers.Nobody : _table.Servers(id), among, count, found);
            Volatile.ReadBarrier();
            if (_table.Version(hash) == version)
            {
                return held;
            }
        }
    }

    private Span<ulong> Set(int index)
    {
        Debug.Assert((index + 1) * _words <= _sets.Length);
        return _sets.Slice(index * _words, _words);
    }
}
