namespace Orleans.Inference.ExtProcGateway.Http2.Hpack;

/// <summary>Decodes the header blocks of one connection, RFC 7541.</summary>
/// <param name="tableSize">Our SETTINGS_HEADER_TABLE_SIZE.</param>
/// <param name="maxListSize">Our SETTINGS_MAX_HEADER_LIST_SIZE; bounds each string as well.</param>
/// <remarks>Not thread-safe. Allocates nothing once its scratch space has grown to the connection's longest header.</remarks>
internal sealed class HpackDecoder(int tableSize, int maxListSize)
{
    private readonly HpackDynamicTable _table = new(tableSize);
    private byte[] _scratch = new byte[512];

    /// <summary>Decodes one whole block. After <see cref="HpackResult.Malformed"/> the decoder must not be used again.</summary>
    public HpackResult Decode<TSink>(ReadOnlySpan<byte> block, TSink sink)
        where TSink : IHpackSink
    {
        var position = 0;
        var listSize = 0L;
        var fields = false;
        while (position < block.Length)
        {
            var first = block[position];
            scoped ReadOnlySpan<byte> name;
            scoped ReadOnlySpan<byte> value;
            if ((first & 0x80) != 0)
            {
                if (!HpackInteger.TryRead(block, ref position, 7, out var index) || !TryGet(index, out name, out value))
                {
                    return HpackResult.Malformed;
                }
            }
            else if ((first & 0xe0) == 0x20)
            {
                // A new size of the table: only before the first field (RFC 7541 4.2).
                if (fields || !HpackInteger.TryRead(block, ref position, 5, out var size) || size > _table.Capacity)
                {
                    return HpackResult.Malformed;
                }

                _table.Resize(size);
                continue;
            }
            else
            {
                var indexed = (first & 0x40) != 0;
                if (!TryReadLiteral(block, ref position, indexed ? 6 : 4, out name, out value))
                {
                    return HpackResult.Malformed;
                }

                if (indexed)
                {
                    _table.Add(name, value);
                }
            }

            fields = true;
            listSize += name.Length + value.Length + HpackDynamicTable.EntryOverhead;
            if (listSize <= maxListSize)
            {
                sink.OnField(name, value);
            }
        }

        return listSize <= maxListSize ? HpackResult.Ok : HpackResult.ListTooLarge;
    }

    private bool TryGet(int index, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        if (index is > 0 and <= HpackStaticTable.Count)
        {
            var (n, v) = HpackStaticTable.Get(index);
            name = n;
            value = v;
            return true;
        }

        if (index > HpackStaticTable.Count && index - HpackStaticTable.Count <= _table.Count)
        {
            _table.Get(index - HpackStaticTable.Count - 1, out name, out value);
            return true;
        }

        name = value = default;
        return false;
    }

    /// <summary>Reads a literal field. Its name never lies in the dynamic table: adding the field may evict the entry that gave the name.</summary>
    private bool TryReadLiteral(ReadOnlySpan<byte> block, ref int position, int prefixBits, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        if (!HpackInteger.TryRead(block, ref position, prefixBits, out var index))
        {
            return false;
        }

        var used = 0;
        if (index == 0)
        {
            if (!TryReadString(block, ref position, ref used, out var start, out var length))
            {
                return false;
            }

            var valueRead = TryReadString(block, ref position, ref used, out var valueStart, out var valueLength);
            name = Text(block, start, length);
            value = valueRead ? Text(block, valueStart, valueLength) : default;
            return valueRead;
        }

        if (!TryGet(index, out name, out _))
        {
            return false;
        }

        if (index > HpackStaticTable.Count)
        {
            EnsureScratch(name.Length, 0);
            name.CopyTo(_scratch);
            used = name.Length;
        }

        var nameLength = name.Length;
        var read = TryReadString(block, ref position, ref used, out var textStart, out var textLength);
        if (index > HpackStaticTable.Count)
        {
            name = _scratch.AsSpan(0, nameLength);
        }

        value = read ? Text(block, textStart, textLength) : default;
        return read;
    }

    /// <summary>
    /// Reads a string: <paramref name="start"/> counts in the block where it is not negative (a plain string), else ~start in the scratch space.
    /// </summary>
    private bool TryReadString(ReadOnlySpan<byte> block, ref int position, ref int used, out int start, out int length)
    {
        start = length = 0;
        if (position >= block.Length)
        {
            return false;
        }

        var huffman = (block[position] & 0x80) != 0;
        if (!HpackInteger.TryRead(block, ref position, 7, out length) || length > block.Length - position)
        {
            return false;
        }

        start = position;
        position += length;
        if (!huffman)
        {
            return true;
        }

        // The shortest code has 5 bits.
        EnsureScratch(used + length * 8 / 5 + 1, used);
        if (!HuffmanDecoder.TryDecode(block.Slice(start, length), _scratch.AsSpan(used), out length))
        {
            return false;
        }

        start = ~used;
        used += length;
        return true;
    }

    private ReadOnlySpan<byte> Text(ReadOnlySpan<byte> block, int start, int length) =>
        start >= 0 ? block.Slice(start, length) : _scratch.AsSpan(~start, length);

    private void EnsureScratch(int size, int used)
    {
        if (_scratch.Length < size)
        {
            var larger = new byte[Math.Max(size, 2 * _scratch.Length)];
            _scratch.AsSpan(0, used).CopyTo(larger);
            _scratch = larger;
        }
    }
}
