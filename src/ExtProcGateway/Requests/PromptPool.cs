using System.Collections.Concurrent;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Lends the buffers into which prompts are hashed; each grows to the longest prompt that it has seen.</summary>
/// <remarks>Safe from any thread. What is not returned is left to the collector.</remarks>
internal sealed class PromptPool
{
    /// <summary>Buffers kept: as many as requests are decided at once, and then some.</summary>
    private const int MostKept = 64;

    private readonly ConcurrentQueue<PrefixHashes> _kept = new();
    private int _count;

    /// <summary>A cleared buffer.</summary>
    public PrefixHashes Rent()
    {
        if (!_kept.TryDequeue(out var hashes))
        {
            return new PrefixHashes();
        }

        Interlocked.Decrement(ref _count);
        hashes.Clear();
        return hashes;
    }

    /// <summary>Gives one back; it must not be used any more.</summary>
    public void Return(PrefixHashes hashes)
    {
        if (Interlocked.Increment(ref _count) <= MostKept)
        {
            _kept.Enqueue(hashes);
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
