using System.Diagnostics;

namespace Orleans.Inference.ExtProcGateway.Http2.Hpack;

/// <summary>The dynamic table of one connection's header decoder: a ring of entries over a ring of bytes, without allocation after the start.</summary>
/// <remarks>
/// Each entry's bytes lie together. The ring of bytes is twice the largest table size: when an entry does not fit before the end, it goes to the
/// beginning, and what is left unused at the end is smaller than that entry, so live bytes never meet the writer.
/// </remarks>
internal sealed class HpackDynamicTable
{
    /// <summary>What the size of an entry counts beside its bytes, RFC 7541 4.1.</summary>
    public const int EntryOverhead = 32;

    private readonly Entry[] _entries;
    private readonly byte[] _bytes;
    private int _newest = -1;
    private int _next;

    public HpackDynamicTable(int capacity)
    {
        Capacity = capacity;
        MaxSize = capacity;
        _entries = new Entry[Math.Max(1, capacity / EntryOverhead)];
        _bytes = new byte[2 * capacity];
    }

    /// <summary>The largest size that a peer may choose (our SETTINGS_HEADER_TABLE_SIZE).</summary>
    public int Capacity { get; }

    /// <summary>The size chosen by the peer, at most <see cref="Capacity"/>.</summary>
    public int MaxSize { get; private set; }

    /// <summary>Size of all entries by the RFC's count.</summary>
    public int Size { get; private set; }

    /// <summary>Number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>A change of the table's size by the peer; evicts what does not fit.</summary>
    public void Resize(int maxSize)
    {
        Debug.Assert(maxSize >= 0 && maxSize <= Capacity);
        MaxSize = maxSize;
        EvictTo(maxSize);
    }

    /// <summary>Name and value of an entry; 0 is the newest. Valid until the next <see cref="Add"/>.</summary>
    public void Get(int index, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        Debug.Assert((uint)index < (uint)Count);
        var slot = _newest - index;
        ref readonly var entry = ref _entries[slot < 0 ? slot + _entries.Length : slot];
        name = _bytes.AsSpan(entry.Start, entry.NameLength);
        value = _bytes.AsSpan(entry.Start + entry.NameLength, entry.ValueLength);
    }

    /// <summary>Adds an entry, evicting old ones. One larger than the table empties it (RFC 7541 4.4).</summary>
    /// <param name="name">Must not lie in this table: evicting may overwrite it.</param>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var length = name.Length + value.Length;
        var size = length + EntryOverhead;
        if (size > MaxSize)
        {
            EvictTo(0);
            return;
        }

        EvictTo(MaxSize - size);
        if (_next + length > _bytes.Length)
        {
            _next = 0;
        }

        name.CopyTo(_bytes.AsSpan(_next));
        value.CopyTo(_bytes.AsSpan(_next + name.Length));
        _newest = _newest + 1 == _entries.Length ? 0 : _newest + 1;
        _entries[_newest] = new Entry(_next, name.Length, value.Length);
        _next += length;
        Count++;
        Size += size;
    }

    private void EvictTo(int size)
    {
        while (Size > size)
        {
            var slot = _newest - (Count - 1);
            ref readonly var oldest = ref _entries[slot < 0 ? slot + _entries.Length : slot];
            Size -= oldest.NameLength + oldest.ValueLength + EntryOverhead;
            Count--;
        }
    }

    private readonly record struct Entry(int Start, int NameLength, int ValueLength);
}
