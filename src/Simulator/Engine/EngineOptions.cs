namespace Orleans.Inference.Simulator.Engine;

/// <summary>Sizes and speeds of one simulated model server. The defaults are those of a model of 8 billion weights on one large GPU.</summary>
public sealed record EngineOptions
{
    /// <summary>Tokens in one KV-cache block; 16 is vLLM's default.</summary>
    public int BlockSize { get; init; } = 16;

    /// <summary>KV-cache blocks, all told.</summary>
    public int BlockCount { get; init; } = 16_384;

    /// <summary>Most sequences in one batch (vLLM's <c>max_num_seqs</c>).</summary>
    public int MaxRunning { get; init; } = 256;

    /// <summary>Most tokens computed in one step; longer prompts are computed in several (vLLM's <c>max_num_batched_tokens</c>).</summary>
    public int MaxBatchedTokens { get; init; } = 8_192;

    /// <summary>Most tokens of one sequence, prompt and output.</summary>
    public int MaxModelLength { get; init; } = 131_072;

    /// <summary>Whether full blocks are kept after use and found again by the hash of what led to them.</summary>
    public bool PrefixCaching { get; init; } = true;

    /// <summary>Prompt tokens computed in a second.</summary>
    public double PrefillTokensPerSecond { get; init; } = 20_000;

    /// <summary>Time of a step in which one sequence gets its next token.</summary>
    public TimeSpan DecodeStep { get; init; } = TimeSpan.FromMilliseconds(8);

    /// <summary>What each further sequence in the batch adds to <see cref="DecodeStep"/>.</summary>
    public TimeSpan DecodePerSequence { get; init; } = TimeSpan.FromTicks(600);

    /// <summary>LoRA adapters that can be in the batch at once (vLLM's <c>max_loras</c>).</summary>
    public int AdapterSlots { get; init; } = 4;

    /// <summary>Time until an adapter that has no slot is usable.</summary>
    public TimeSpan AdapterLoadTime { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>What is wrong with these options, one sentence each; empty where nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        AtLeastOne(BlockSize, "block size");
        AtLeastOne(BlockCount, "number of blocks");
        AtLeastOne(MaxRunning, "number of sequences");
        AtLeastOne(MaxBatchedTokens, "number of batched tokens");
        AtLeastOne(MaxModelLength, "model length");
        AtLeastOne(AdapterSlots, "number of LoRA slots");
        if (!(PrefillTokensPerSecond > 0) || double.IsInfinity(PrefillTokensPerSecond))
        {
            faults.Add("The prefill speed must be a positive number of tokens per second.");
        }

        if (DecodeStep < TimeSpan.Zero || DecodePerSequence < TimeSpan.Zero || AdapterLoadTime < TimeSpan.Zero)
        {
            faults.Add("Times must not be negative.");
        }

        // A sequence that is alone must always fit, otherwise it would wait for ever.
        if (faults.Count == 0 && (long)BlockCount * BlockSize < MaxModelLength)
        {
            faults.Add($"The KV cache of {BlockCount} blocks of {BlockSize} tokens can't hold one sequence of the model length {MaxModelLength}.");
        }

        return faults;

        void AtLeastOne(int value, string what)
        {
            if (value < 1)
            {
                faults.Add($"The {what} must be at least 1.");
            }
        }
    }
}
