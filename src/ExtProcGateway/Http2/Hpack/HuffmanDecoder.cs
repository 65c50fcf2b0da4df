namespace Orleans.Inference.ExtProcGateway.Http2.Hpack;

/// <summary>The Huffman code of header strings, RFC 7541 5.2 and appendix B.</summary>
internal static class HuffmanDecoder
{
    private const int EndOfString = 256;
    private const ushort Inner = 0x8000;

    /// <summary>
    /// Lengths of the codes of 0 to 256. The code is canonical (codes ascend by length, then by symbol), so that the lengths say it all.
    /// </summary>
    private static ReadOnlySpan<byte> Lengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    /// <summary>
    /// A tree of nodes with 256 entries each, walked by whole bytes. An entry is a leaf (bits used in the low 4 bits, symbol above) or, marked
    /// <see cref="Inner"/>, the number of the next node; 0 is no code (only prefixes of the end-of-string code lead there).
    /// </summary>
    private static readonly ushort[] Tree = Build();

    /// <summary>Decodes <paramref name="source"/>; false when it is no valid code or larger than <paramref name="destination"/>.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        ulong bits = 0;
        var available = 0;
        var node = 0;
        var position = 0;
        var pending = 0;
        var tree = Tree;
        while (true)
        {
            while (available <= 56 && position < source.Length)
            {
                bits = (bits << 8) | source[position++];
                available += 8;
            }

            if (available == 0)
            {
                break;
            }

            // At the very end fewer than 8 bits may be left: filled with zeros, and taken only if the code found uses no more than are there.
            var index = (byte)(available >= 8 ? bits >> (available - 8) : bits << (8 - available));
            var entry = tree[node * 256 + index];
            if (entry == 0)
            {
                return IsPadding(bits, available, pending);
            }

            if ((entry & Inner) != 0)
            {
                if (available < 8)
                {
                    return IsPadding(bits, available, pending);
                }

                node = entry & 0xff;
                available -= 8;
                pending += 8;
                continue;
            }

            var used = entry & 0xf;
            if (used > available)
            {
                return IsPadding(bits, available, pending);
            }

            if (written == destination.Length)
            {
                return false;
            }

            destination[written++] = (byte)(entry >> 4);
            available -= used;
            node = 0;
            pending = 0;
        }

        return pending == 0;
    }

    /// <summary>Fewer than 8 bits, all ones, and no code begun before them.</summary>
    private static bool IsPadding(ulong bits, int available, int pending)
    {
        var mask = (1UL << available) - 1;
        return pending == 0 && available < 8 && (bits & mask) == mask;
    }

    private static ushort[] Build()
    {
        var tree = new List<ushort[]> { new ushort[256] };
        uint code = 0;
        for (var length = 5; length <= 30; length++)
        {
            for (var symbol = 0; symbol < Lengths.Length; symbol++)
            {
                if (Lengths[symbol] == length)
                {
                    if (symbol != EndOfString)
                    {
                        Insert(tree, code, length, symbol);
                    }

                    code++;
                }
            }

            code <<= 1;
        }

        return [.. tree.SelectMany(node => node)];
    }

    private static void Insert(List<ushort[]> tree, uint code, int length, int symbol)
    {
        var node = 0;
        for (; length > 8; length -= 8)
        {
            var index = (byte)(code >> (length - 8));
            if (tree[node][index] == 0)
            {
                tree[node][index] = (ushort)(Inner | tree.Count);
                tree.Add(new ushort[256]);
            }

            node = tree[node][index] & 0xff;
        }

        var first = (byte)(code << (8 - length));
        for (var i = 0; i < 1 << (8 - length); i++)
        {
            tree[node][first + i] = (ushort)((symbol << 4) | length);
        }
    }
}
