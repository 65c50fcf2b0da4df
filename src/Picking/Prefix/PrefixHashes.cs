namespace Orleans.Inference.Picking.Prefix;

/// <summary>The hash chains of one request: one chain for each of its prompts, one hash for each block of the prompt; and what the prompts have beside text.</summary>
/// <remarks>Filled by a <see cref="PrefixHasher"/>; used by one request at a time. Its buffers grow to the longest prompt seen and stay, so that hashing allocates nothing.</remarks>
public sealed class PrefixHashes
{
    private ulong[] _hashes = [];
    private int[] _ends = [];

    /// <summary>Number of chains.</summary>
    public int ChainCount { get; private set; }

    /// <summary>Hashes of all chains together.</summary>
    public int TotalBlocks { get; private set; }

    /// <summary>The prompts have pictures, videos or sounds; set by whoever reads them.</summary>
    public bool HasMedia { get; set; }

    /// <summary>The pictures, videos and sounds; empty where nobody asks for them. Filled by whoever reads the prompts.</summary>
    public MediaItems Media { get; } = new();

    /// <summary>Tokens in a block; 0 before the first hashing.</summary>
    public int BlockTokens { get; private set; }

    /// <summary>The hashes of one prompt, from its first block on.</summary>
    public ReadOnlySpan<ulong> Chain(int index) => Memory(index).Span;

    /// <summary>The same, for a <see cref="PrefixLogEntry"/>; valid until this object is cleared.</summary>
    public ReadOnlyMemory<ulong> Memory(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)ChainCount, nameof(index));
        var start = index == 0 ? 0 : _ends[index - 1];
        return _hashes.AsMemory(start, _ends[index] - start);
    }

    /// <summary>Makes the object ready for another request.</summary>
    public void Clear()
    {
        ChainCount = 0;
        TotalBlocks = 0;
        BlockTokens = 0;
        HasMedia = false;
        Media.Clear();
    }

    internal void Begin(int blockTokens)
    {
        Clear();
        BlockTokens = blockTokens;
    }

    /// <summary>Room for the next <paramref name="count"/> hashes of the open chain, which belong to it from now on.</summary>
    internal Span<ulong> Take(int count)
    {
        if (_hashes.Length - TotalBlocks < count)
        {
            Array.Resize(ref _hashes, Math.Max(64, Math.Max(TotalBlocks + count, _hashes.Length * 2)));
        }

        var room = _hashes.AsSpan(TotalBlocks, count);
        TotalBlocks += count;
        return room;
    }

    internal void EndChain()
    {
        if (_ends.Length == ChainCount)
        {
            Array.Resize(ref _ends, Math.Max(4, _ends.Length * 2));
        }

        _ends[ChainCount++] = TotalBlocks;
    }
}
