using System.Diagnostics;
using System.Numerics;

namespace Orleans.Inference.Picking.Prefix;

/// <summary>The hash table of blocks: hash → record, where a record says which servers hold the block.</summary>
/// <remarks>
/// <para>
/// Linear hashing: the table grows by one bucket at a time, so nothing is ever rehashed as a whole and memory stays in proportion (16 bytes a record, 4 a stamp, 4 a bucket). Records are
/// chained by index and never move, so an index names a block for as long as it is in the table.
/// </para>
/// <para>
/// One writer; any number of readers that take no lock. A reader reads <see cref="Version"/>, then whatever it wants of one hash, then the version again, and starts over where it
/// has changed. The writer's part: what a reader can reach is complete before it is published; memory is used again only after the version that covers its hash was moved on; and
/// before a bucket's chain is split, so is the version. At each moment the table is complete, so a reader never waits for a writer.
/// </para>
/// </remarks>
internal sealed class BlockTable
{
    /// <summary>Returned by <see cref="Find"/> for a block that is not there.</summary>
    public const int None = -1;

    private const int ChunkBits = 13;
    private const int ChunkSize = 1 << ChunkBits;

    /// <summary>Hashes with the same low bits share a version; also the first number of buckets, so that both halves of a split bucket share one.</summary>
    private const int Versions = 1024;

    private readonly uint[] _versions = new uint[Versions];
    private int[][] _buckets = [new int[ChunkSize]];
    private BlockRecord[][] _records = [];
    private uint[][] _stamps = [];
    private int _bucketCount = Versions;
    private int _made;
    private int _freed = None;
    private readonly List<int> _splitting = [];
    private int _splitTo;

    /// <summary>Blocks in the table.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the arrays.</summary>
    public long AllocatedBytes => ((long)_buckets.Length * ChunkSize * sizeof(int)) + ((long)_records.Length * ChunkSize * (16 + sizeof(uint)));

    /// <summary>Changes whenever a reader of this hash may have been misled.</summary>
    public uint Version(ulong hash) => Volatile.Read(ref _versions[hash % Versions]);

    /// <summary>The writer's: whoever is reading this hash has to start over.</summary>
    public void Invalidate(ulong hash)
    {
        ref var version = ref _versions[hash % Versions];
        Volatile.Write(ref version, version + 1);

        // On machines that reorder stores, what follows must not be seen before the new version.
        Volatile.WriteBarrier();
    }

    /// <summary>The record of a block, or <see cref="None"/>.</summary>
    public int Find(ulong hash)
    {
        // The count before the buckets, an index before the array that holds it: both are published in the other order.
        var bucket = Bucket(hash, Volatile.Read(ref _bucketCount));
        var id = Volatile.Read(ref Volatile.Read(ref _buckets)[bucket >> ChunkBits][bucket & (ChunkSize - 1)]) - 1;
        while (id >= 0)
        {
            ref var record = ref Record(id);
            if (record.Hash == hash)
            {
                return id;
            }

            id = Volatile.Read(ref record.Next);
        }

        return None;
    }

    /// <summary>Which servers hold the block; see <see cref="BlockServers"/>.</summary>
    public int Servers(int id) => Volatile.Read(ref Record(id).Servers);

    /// <summary>The writer's: publishes other servers of the block.</summary>
    public void SetServers(int id, int servers) => Volatile.Write(ref Record(id).Servers, servers);

    /// <summary>The writer's: the hash of a record in the table.</summary>
    public ulong Hash(int id) => Record(id).Hash;

    /// <summary>The writer's: a figure beside each record, the stamp of a block that one server holds.</summary>
    public ref uint Stamp(int id) => ref _stamps[id >> ChunkBits][id & (ChunkSize - 1)];

    /// <summary>The writer's: adds a block that is not in the table.</summary>
    public int Insert(ulong hash, int servers, uint stamp)
    {
        if (Count >= _bucketCount)
        {
            Split();
        }

        var id = Take();
        ref var record = ref Record(id);
        ref var head = ref Head(Bucket(hash, _bucketCount));
        record.Hash = hash;
        record.Next = head - 1;
        record.Servers = servers;
        Stamp(id) = stamp;
        Volatile.Write(ref head, id + 1);
        Count++;
        return id;
    }

    /// <summary>The writer's: takes a block out; its index may name another block from now on.</summary>
    public void Remove(int id)
    {
        ref var record = ref Record(id);
        ref var head = ref Head(Bucket(record.Hash, _bucketCount));
        if (head == id + 1)
        {
            Volatile.Write(ref head, record.Next + 1);
        }
        else
        {
            var before = head - 1;
            while (Record(before).Next != id)
            {
                before = Record(before).Next;
            }

            Volatile.Write(ref Record(before).Next, record.Next);
        }

        Invalidate(record.Hash);
        record.Servers = BlockServers.Nobody;
        record.Next = _freed;
        _freed = id;
        Count--;
    }

    private static int Bucket(ulong hash, int count)
    {
        // With the next power of two as modulus, buckets that don't exist yet are still part of those half a modulus below.
        var modulus = BitOperations.RoundUpToPowerOf2((uint)count);
        var bucket = (uint)hash & (modulus - 1);
        return (int)(bucket < (uint)count ? bucket : bucket - (modulus >> 1));
    }

    private ref BlockRecord Record(int id) => ref Volatile.Read(ref _records)[id >> ChunkBits][id & (ChunkSize - 1)];

    private ref int Head(int bucket) => ref _buckets[bucket >> ChunkBits][bucket & (ChunkSize - 1)];

    private int Take()
    {
        if (_freed != None)
        {
            var id = _freed;
            _freed = Record(id).Next;
            return id;
        }

        if (_made == _records.Length * ChunkSize)
        {
            _stamps = [.. _stamps, new uint[ChunkSize]];
            Volatile.Write(ref _records, [.. _records, new BlockRecord[ChunkSize]]);
        }

        return _made++;
    }

    /// <summary>Adds one bucket, which takes its blocks from the one that held them so far.</summary>
    private void Split()
    {
        var added = _bucketCount;
        if (added == _buckets.Length * ChunkSize)
        {
            Volatile.Write(ref _buckets, [.. _buckets, new int[ChunkSize]]);
        }

        var from = added - (int)(BitOperations.RoundUpToPowerOf2((uint)added + 1) >> 1);
        Debug.Assert(from % Versions == added % Versions);

        _splitTo = added + 1;
        _splitting.Clear();
        for (var id = Head(from) - 1; id != None; id = Record(id).Next)
        {
            _splitting.Add(id);
        }

        // First the new bucket begins at the first record of its own and shares the rest of the chain: both are complete, whichever a reader knows of.
        Volatile.Write(ref Head(added), NextOf(added, 0) + 1);
        Volatile.Write(ref _bucketCount, added + 1);
        Invalidate((ulong)from);
        Volatile.Write(ref Head(from), NextOf(from, 0) + 1);

        // Then record by record, in the order of the chain, leaves out what belongs to the other bucket: nobody who starts now meets a record before it is changed, except as one of its
        // own bucket; who started earlier starts over.
        for (var i = 0; i < _splitting.Count; i++)
        {
            ref var record = ref Record(_splitting[i]);
            var next = NextOf(Bucket(record.Hash, added + 1), i + 1);
            if (next != record.Next)
            {
                Invalidate((ulong)from);
                Volatile.Write(ref record.Next, next);
            }
        }
    }

    /// <summary>The first record of the chain being split, from place <paramref name="i"/> on, that belongs to <paramref name="bucket"/>.</summary>
    private int NextOf(int bucket, int i)
    {
        while (i < _splitting.Count && Bucket(Record(_splitting[i]).Hash, _splitTo) != bucket)
        {
            i++;
        }

        return i < _splitting.Count ? _splitting[i] : None;
    }

    private struct BlockRecord
    {
        public ulong Hash;
        public int Next;
        public int Servers;
    }
}
