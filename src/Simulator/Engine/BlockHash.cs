namespace Orleans.Inference.Simulator.Engine;

/// <summary>Hashes of KV-cache blocks: each covers its own tokens and, through its predecessor, everything before them.</summary>
internal static class BlockHash
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>What the first block of a sequence follows: nothing, but cached blocks of one LoRA adapter are of no use to another.</summary>
    public static ulong Root(string? adapter)
    {
        var hash = Offset;
        foreach (var c in adapter ?? "")
        {
            hash = (hash ^ c) * Prime;
        }

        return Mix(hash);
    }

    /// <summary>Adds to the request's list until it covers <paramref name="blocks"/> blocks of its known tokens.</summary>
    public static void Extend(EngineRequest request, int blocks, int blockSize)
    {
        for (var block = request.BlockHashes.Count; block < blocks; block++)
        {
            var hash = block == 0 ? Root(request.Adapter) : request.BlockHashes[block - 1];
            for (var i = 0; i < blockSize; i++)
            {
                hash = (hash ^ (uint)request.TokenAt((block * blockSize) + i)) * Prime;
            }

            request.BlockHashes.Add(Mix(hash));
        }
    }

    // FNV's upper bits are weak for short input; this is the finaliser of SplitMix64.
    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
        return hash ^ (hash >> 31);
    }
}
