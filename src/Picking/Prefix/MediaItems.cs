namespace Orleans.Inference.Picking.Prefix;

/// <summary>The pictures, videos and sounds of one request, each once however often the request has it: the hash of its URL or data, and its size in tokens.</summary>
/// <remarks>Used by one request at a time. Its buffers grow to the most items seen and stay.</remarks>
public sealed class MediaItems
{
    /// <summary>Further items of a request are left out: more than models take, and adding one looks at all before it.</summary>
    public const int MostItems = 256;

    /// <summary>So that sizes add up within an int.</summary>
    private const int LargestSize = int.MaxValue / MostItems;

    private ulong[] _hashes = [];
    private int[] _sizes = [];

    /// <summary>Different items.</summary>
    public int Count { get; private set; }

    /// <summary>Tokens of all of them; 0 where there are none.</summary>
    public int TotalSize { get; private set; }

    /// <summary>The items in their order.</summary>
    public ReadOnlySpan<ulong> Hashes => _hashes.AsSpan(0, Count);

    /// <summary>Tokens of each item of <see cref="Hashes"/>, 1 at least.</summary>
    public ReadOnlySpan<int> Sizes => _sizes.AsSpan(0, Count);

    /// <summary>Adds an item, unless it is there already.</summary>
    /// <param name="hash">From <see cref="MediaHash.Hash"/>.</param>
    /// <param name="tokens">Its size.</param>
    public void Add(ulong hash, int tokens)
    {
        if (Count == MostItems || Hashes.Contains(hash))
        {
            return;
        }

        if (Count == _hashes.Length)
        {
            Array.Resize(ref _hashes, Math.Max(8, Count * 2));
            Array.Resize(ref _sizes, _hashes.Length);
        }

        var size = Math.Clamp(tokens, 1, LargestSize);
        _hashes[Count] = hash;
        _sizes[Count++] = size;
        TotalSize += size;
    }

    /// <summary>Makes the object ready for another request.</summary>
    public void Clear()
    {
        Count = 0;
        TotalSize = 0;
    }
}
