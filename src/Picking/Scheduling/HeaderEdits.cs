using System.Text;

namespace Orleans.Inference.Picking.Scheduling;

/// <summary>Headers that plugins set on a request or a response, or take from it: the last word on a name counts.</summary>
/// <remarks>Kept beside a thread's scratch: its buffers grow to the largest edits seen and stay, so that editing allocates nothing. One thread at a time.</remarks>
public sealed class HeaderEdits
{
    private byte[] _bytes = new byte[512];
    private Entry[] _entries = new Entry[4];
    private int _length;

    /// <summary>How many headers are edited.</summary>
    public int Count { get; private set; }

    /// <summary>Names and values together take at most this many bytes.</summary>
    public int Size => _length;

    /// <summary>One of the edits, in the order in which their names came up.</summary>
    public HeaderEdit this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            ref readonly var entry = ref _entries[index];
            return new HeaderEdit { Name = _bytes.AsSpan(entry.Name), Value = _bytes.AsSpan(entry.Value), IsRemoval = entry.IsRemoval };
        }
    }

    /// <summary>Sets a header, in the place of what it was.</summary>
    /// <param name="name">In lower case.</param>
    public void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        ref var entry = ref Find(name);
        entry.Value = Keep(value);
        entry.IsRemoval = false;
    }

    /// <summary>Adds an item to a list that is set here, with a comma between; without one it becomes the first.</summary>
    /// <param name="name">In lower case.</param>
    public void Append(ReadOnlySpan<byte> name, ReadOnlySpan<byte> item)
    {
        ref var entry = ref Find(name);
        var (start, length) = entry.Value.GetOffsetAndLength(_bytes.Length);
        if (entry.IsRemoval || length == 0)
        {
            entry.Value = Keep(item);
            entry.IsRemoval = false;
            return;
        }

        Grow(length + 1 + item.Length);
        var list = _length;
        Keep(_bytes.AsSpan(start, length));
        Keep(","u8);
        Keep(item);
        entry.Value = list.._length;
    }

    /// <summary>Takes a header away, be it the client's own.</summary>
    /// <param name="name">In lower case.</param>
    public void Remove(ReadOnlySpan<byte> name)
    {
        ref var entry = ref Find(name);
        entry.Value = default;
        entry.IsRemoval = true;
    }

    /// <summary>Whether a header is edited, whatever the case of <paramref name="name"/>.</summary>
    public bool Contains(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(_bytes.AsSpan(_entries[i].Name), name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Forgets all edits.</summary>
    public void Clear()
    {
        Count = 0;
        _length = 0;
    }

    private ref Entry Find(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_bytes.AsSpan(_entries[i].Name).SequenceEqual(name))
            {
                return ref _entries[i];
            }
        }

        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        ref var entry = ref _entries[Count++];
        entry = new Entry { Name = Keep(name) };
        return ref entry;
    }

    private Range Keep(ReadOnlySpan<byte> bytes)
    {
        Grow(bytes.Length);
        var start = _length;
        bytes.CopyTo(_bytes.AsSpan(start));
        _length += bytes.Length;
        return start.._length;
    }

    private void Grow(int more)
    {
        if (_bytes.Length - _length < more)
        {
            Array.Resize(ref _bytes, Math.Max(_length + more, _bytes.Length * 2));
        }
    }

    /// <summary>Where an edit's bytes lie.</summary>
    private struct Entry
    {
        public Range Name;
        public Range Value;
        public bool IsRemoval;
    }
}
