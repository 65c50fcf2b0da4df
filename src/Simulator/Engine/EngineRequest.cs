namespace Orleans.Inference.Simulator.Engine;

/// <summary>One sequence: a prompt, and the output that the engine will reveal token by token.</summary>
/// <remarks>Not thread-safe: belongs to the engine it was submitted to.</remarks>
public sealed class EngineRequest
{
    /// <param name="prompt">Token ids; at least one.</param>
    /// <param name="output">Token ids that the model will answer; at least one.</param>
    /// <param name="ending">How the sequence ends when all of <paramref name="output"/> is there: <see cref="FinishReason.Stop"/> or <see cref="FinishReason.Length"/>.</param>
    /// <param name="adapter">LoRA adapter, or null for the base model.</param>
    public EngineRequest(ReadOnlyMemory<int> prompt, ReadOnlyMemory<int> output, FinishReason ending = FinishReason.Length, string? adapter = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(prompt.Length, nameof(prompt));
        ArgumentOutOfRangeException.ThrowIfZero(output.Length, nameof(output));
        Prompt = prompt;
        Output = output;
        Ending = ending;
        Adapter = adapter;
    }

    /// <summary>The prompt's token ids.</summary>
    public ReadOnlyMemory<int> Prompt { get; }

    /// <summary>All token ids of the output; the first <see cref="Generated"/> of them are there.</summary>
    public ReadOnlyMemory<int> Output { get; }

    /// <summary>How it will end.</summary>
    public FinishReason Ending { get; }

    /// <summary>LoRA adapter, or null.</summary>
    public string? Adapter { get; }

    /// <summary>Whatever the caller wants to find again in <see cref="IEngineListener.OnProgress"/>.</summary>
    public object? Tag { get; init; }

    /// <summary>Output tokens that are there.</summary>
    public int Generated { get; internal set; }

    /// <summary>Prompt tokens that were in the prefix cache when it was first scheduled.</summary>
    public int CachedTokens { get; internal set; }

    /// <summary>How it ended; <see cref="FinishReason.None"/> until then.</summary>
    public FinishReason Finish { get; internal set; }

    /// <summary>When it was submitted.</summary>
    public TimeSpan Arrived { get; internal set; }

    /// <summary>When it was first put into a batch.</summary>
    public TimeSpan? FirstScheduled { get; internal set; }

    /// <summary>When its first output token was there.</summary>
    public TimeSpan? FirstToken { get; internal set; }

    /// <summary>When its last output token was there.</summary>
    public TimeSpan? LastToken { get; internal set; }

    internal bool IsRunning { get; set; }

    /// <summary>Tokens whose keys and values are in the cache.</summary>
    internal int Computed { get; set; }

    /// <summary>Tokens that the step in progress computes.</summary>
    internal int Scheduled { get; set; }

    /// <summary>Tokens known so far: prompt and revealed output.</summary>
    internal int Known => Prompt.Length + Generated;

    /// <summary>Its blocks in the KV cache, in order.</summary>
    internal List<int> Blocks { get; } = [];

    /// <summary>Chained hashes of the full blocks of all known tokens, as far as they were needed.</summary>
    internal List<ulong> BlockHashes { get; } = [];

    internal int TokenAt(int position)
    {
        return position < Prompt.Length ? Prompt.Span[position] : Output.Span[position - Prompt.Length];
    }
}
