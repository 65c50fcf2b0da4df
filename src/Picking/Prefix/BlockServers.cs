using System.Diagnostics;
using System.Numerics;

namespace Orleans.Inference.Picking.Prefix;

/// <summary>Which servers hold each block, and when each of them was last sent it (a stamp).</summary>
/// <remarks>
/// A block of one server has the server's number in its record. Up to <see cref="MaxListed"/> servers, or a quarter of all numbers, stand in a list of 2, 4, 8, … entries of six bytes; more
/// have a bit and a stamp for each number. So a server of a block costs at most 24 bytes (a list that lost three quarters of its entries shrinks), and readers intersect
/// sets word by word or entry by entry. Threads: as <see cref="BlockTable"/>.
/// </remarks>
internal sealed class BlockServers(BlockTable table)
{
    /// <summary>What a record says that has no server.</summary>
    public const int Nobody = -1;

    /// <summary>Servers of a block that always have a list.</summary>
    public const int MaxListed = 32;

    /// <summary>Kinds in the low bits of what a record says of several servers: the logarithm of a list's room, or this.</summary>
    private const int BitsKind = 31;
    private const int KindBits = 5;

    private readonly ServerLists[] _lists = [.. Enumerable.Range(0, 16).Select(i => new ServerLists(1 << i))];
    private readonly Stack<int> _freedBits = new();
    private ServerBits?[] _bits = [];
    private int _madeBits;
    private int _numbers = 64;

    /// <summary>Bytes of lists and bits.</summary>
    public long AllocatedBytes => _lists.Sum(l => l.AllocatedBytes) + _bits.Sum(b => sizeof(long) + (b?.AllocatedBytes ?? 0));

    /// <summary>The writer's: as many server numbers exist.</summary>
    public void Grow(int numbers) => _numbers = Math.Max(_numbers, numbers);

    /// <summary>A reader's: those of <paramref name="among"/> that hold the block, and how many they are.</summary>
    /// <param name="servers">What the block's record says.</param>
    /// <param name="among">A bit for each server number; others are left out.</param>
    /// <param name="count">How many bits are set in it.</param>
    /// <param name="found">As long as <paramref name="among"/>.</param>
    public int Intersect(int servers, ReadOnlySpan<ulong> among, int count, Span<ulong> found)
    {
        if (servers >= 0)
        {
            found.Clear();
            return Pass((uint)servers, among, found);
        }

        var (kind, index) = Decode(servers);
        if (servers == Nobody || kind == BitsKind)
        {
            return Intersect(servers == Nobody ? null : Volatile.Read(ref Volatile.Read(ref _bits)[index]), among, found);
        }

        // An entry of the list costs about a nanosecond, a search through all of it five: vectors.
        found.Clear();
        var list = _lists[kind].Servers(index);
        return count <= list.Length / 8 ? Search(list, among, found) : Pass(list, among, found);
    }

    /// <summary>The writer's: where the server's stamp of the block is; false where it doesn't hold the block.</summary>
    public bool TryStamp(int id, int server, out StampPlace place)
    {
        var servers = table.Servers(id);
        if (servers >= 0)
        {
            place = new StampPlace(servers, id, null);
            return servers == server;
        }

        if (servers == Nobody)
        {
            place = default;
            return false;
        }

        var (kind, index) = Decode(servers);
        if (kind == BitsKind)
        {
            place = new StampPlace(servers, server, _bits[index]);
            return _bits[index]!.Contains(server);
        }

        var entry = _lists[kind].Servers(index).IndexOf((ushort)server);
        place = new StampPlace(servers, entry, null);
        return entry >= 0;
    }

    /// <summary>The writer's: the stamp at a place.</summary>
    public ref uint Stamp(in StampPlace place)
    {
        if (place.Bits is not null)
        {
            return ref place.Bits.Stamp(place.Entry);
        }

        if (place.Servers >= 0)
        {
            return ref table.Stamp(place.Entry);
        }

        var (kind, index) = Decode(place.Servers);
        return ref _lists[kind].Stamps(index)[place.Entry];
    }

    /// <summary>The writer's: adds a server that doesn't hold the block yet, to a block that has one.</summary>
    public void Add(int id, int server, uint stamp)
    {
        var servers = table.Servers(id);
        Debug.Assert(servers != Nobody);
        if (servers >= 0)
        {
            var list = _lists[1].Take();
            Put(1, list, 0, servers, table.Stamp(id));
            Put(1, list, 1, server, stamp);
            table.SetServers(id, Encode(1, list));
            return;
        }

        var (kind, index) = Decode(servers);
        if (kind == BitsKind)
        {
            var bits = _bits[index]!;
            if (server >= bits.Room)
            {
                bits = ToBits(bits);
                Volatile.Write(ref _bits[index], bits);
            }

            bits.Add(server, stamp);
            return;
        }

        var hole = _lists[kind].Servers(index).IndexOf(ServerLists.Hole);
        if (hole >= 0)
        {
            Put(kind, index, hole, server, stamp);
            return;
        }

        var room = _lists[kind].Room;
        int next;
        if (room >= Math.Max(MaxListed, _numbers / 4))
        {
            next = TakeBits();
            var bits = new ServerBits(_numbers);
            for (var i = 0; i < room; i++)
            {
                bits.Add(_lists[kind].Servers(index)[i], _lists[kind].Stamps(index)[i]);
            }

            bits.Add(server, stamp);
            Volatile.Write(ref _bits[next], bits);
            next = Encode(BitsKind, next);
        }
        else
        {
            next = _lists[kind + 1].Take();
            CopyList(kind, index, kind + 1, next);
            Put(kind + 1, next, room, server, stamp);
            next = Encode(kind + 1, next);
        }

        Replace(id, servers, next);
    }

    /// <summary>The writer's: removes a server that holds the block; false where it was the only one, and the block has to go.</summary>
    public bool TryRemove(int id, int server)
    {
        var servers = table.Servers(id);
        if (servers >= 0)
        {
            Debug.Assert(servers == server);
            return false;
        }

        var (kind, index) = Decode(servers);
        if (kind == BitsKind)
        {
            RemoveBit(id, servers, _bits[index]!, server);
            return true;
        }

        var list = _lists[kind].Writable(index);
        Volatile.Write(ref list[list.IndexOf((ushort)server)], ServerLists.Hole);
        var left = list.Length - list.Count(ServerLists.Hole);
        if (left == 1)
        {
            var last = list.IndexOfAnyExcept(ServerLists.Hole);
            table.Stamp(id) = _lists[kind].Stamps(index)[last];
            Replace(id, servers, list[last]);
        }
        else if (left <= list.Length / 4)
        {
            var smaller = _lists[kind - 1].Take();
            CopyList(kind, index, kind - 1, smaller);
            Replace(id, servers, Encode(kind - 1, smaller));
        }

        return true;
    }

    private static (int Kind, int Index) Decode(int servers) => (~servers & ((1 << KindBits) - 1), ~servers >> KindBits);

    private static int Encode(int kind, int index) => ~((index << KindBits) | kind);

    private static int Pass(ReadOnlySpan<ushort> list, ReadOnlySpan<ulong> among, Span<ulong> found)
    {
        var count = 0;
        foreach (var server in list)
        {
            // A hole is beyond the last number.
            count += Pass(server, among, found);
        }

        return count;
    }

    private static int Search(ReadOnlySpan<ushort> list, ReadOnlySpan<ulong> among, Span<ulong> found)
    {
        var count = 0;
        for (var word = 0; word < among.Length; word++)
        {
            for (var rest = among[word]; rest != 0; rest &= rest - 1)
            {
                if (list.Contains((ushort)((word * 64) + BitOperations.TrailingZeroCount(rest))))
                {
                    found[word] |= rest & (0 - rest);
                    count++;
                }
            }
        }

        return count;
    }

    private static int Pass(uint server, ReadOnlySpan<ulong> among, Span<ulong> found)
    {
        var word = (int)(server >> 6);
        if (word >= among.Length)
        {
            return 0;
        }

        var bit = among[word] & (1UL << (int)(server & 63));
        found[word] |= bit;
        return bit == 0 ? 0 : 1;
    }

    private static int Intersect(ServerBits? bits, ReadOnlySpan<ulong> among, Span<ulong> found)
    {
        var words = bits is null ? [] : bits.Words;
        words = words[..Math.Min(words.Length, among.Length)];
        found[words.Length..].Clear();
        var count = 0;
        for (var i = 0; i < words.Length; i++)
        {
            var both = words[i] & among[i];
            found[i] = both;
            count += BitOperations.PopCount(both);
        }

        return count;
    }

    private void Put(int kind, int list, int entry, int server, uint stamp)
    {
        _lists[kind].Stamps(list)[entry] = stamp;
        Volatile.Write(ref _lists[kind].Writable(list)[entry], (ushort)server);
    }

    private void CopyList(int kind, int list, int toKind, int toList)
    {
        var servers = _lists[kind].Servers(list);
        var stamps = _lists[kind].Stamps(list);
        var at = 0;
        for (var i = 0; i < servers.Length; i++)
        {
            if (servers[i] != ServerLists.Hole)
            {
                Put(toKind, toList, at++, servers[i], stamps[i]);
            }
        }
    }

    private void RemoveBit(int id, int servers, ServerBits bits, int server)
    {
        bits.Remove(server);

        // Below where a list becomes bits, so that no block goes to and fro, but not so far that a pair costs more than it may.
        if (bits.Count >= Math.Max(MaxListed, bits.Room / 4) / 8 * 7)
        {
            return;
        }

        var kind = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)bits.Count));
        var list = _lists[kind].Take();
        var at = 0;
        for (var word = 0; word < bits.Words.Length; word++)
        {
            for (var rest = bits.Words[word]; rest != 0; rest &= rest - 1)
            {
                var one = (word * 64) + BitOperations.TrailingZeroCount(rest);
                Put(kind, list, at++, one, bits.Stamp(one));
            }
        }

        Replace(id, servers, Encode(kind, list));
    }

    private ServerBits ToBits(ServerBits bits)
    {
        var larger = new ServerBits(_numbers);
        for (var word = 0; word < bits.Words.Length; word++)
        {
            for (var rest = bits.Words[word]; rest != 0; rest &= rest - 1)
            {
                var one = (word * 64) + BitOperations.TrailingZeroCount(rest);
                larger.Add(one, bits.Stamp(one));
            }
        }

        return larger;
    }

    private int TakeBits()
    {
        if (_freedBits.TryPop(out var index))
        {
            return index;
        }

        if (_madeBits == _bits.Length)
        {
            Volatile.Write(ref _bits, [.. _bits, .. new ServerBits?[Math.Max(16, _bits.Length / 2)]]);
        }

        return _madeBits++;
    }

    /// <summary>Publishes other servers of a block, and frees what held them before once no reader uses it.</summary>
    private void Replace(int id, int servers, int next)
    {
        table.SetServers(id, next);
        table.Invalidate(table.Hash(id));
        var (kind, index) = Decode(servers);
        if (kind == BitsKind)
        {
            _bits[index] = null;
            _freedBits.Push(index);
        }
        else
        {
            _lists[kind].Free(index);
        }
    }

    /// <summary>Where a server's stamp of a block is, until either changes.</summary>
    public readonly record struct StampPlace(int Servers, int Entry, ServerBits? Bits);
}
