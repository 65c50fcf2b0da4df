namespace Orleans.Inference.Bench.Simulation.Workloads;

/// <summary>A request of a workload: the same for every strategy.</summary>
/// <param name="index">Its place in the workload.</param>
/// <param name="arrivesAt">When it comes; later where <paramref name="previous"/> is not answered by then.</param>
/// <param name="prompt">The prompt.</param>
/// <param name="output">The answer; its id is the same wherever a later prompt repeats it.</param>
/// <param name="adapter">LoRA adapter; null for the base model.</param>
/// <param name="previous">The turn of the same conversation that must be answered before.</param>
internal sealed class SimulatedRequest(int index, TimeSpan arrivesAt, Piece[] prompt, Piece output, string? adapter = null, SimulatedRequest? previous = null)
{
    /// <summary>Its place in the workload.</summary>
    public int Index => index;

    /// <summary>When it comes; later where <see cref="Previous"/> is not answered by then.</summary>
    public TimeSpan ArrivesAt => arrivesAt;

    /// <summary>LoRA adapter; null for the base model.</summary>
    public string? Adapter => adapter;

    /// <summary>The turn of the same conversation that must be answered before.</summary>
    public SimulatedRequest? Previous => previous;

    /// <summary>Tokens of the prompt.</summary>
    public int PromptTokens { get; } = prompt.Sum(piece => piece.Tokens);

    /// <summary>Tokens of the answer.</summary>
    public int OutputTokens => output.Tokens;

    /// <summary>Prompt and answer, as the next turn repeats them.</summary>
    public Piece[] Transcript => [.. prompt, output];

    /// <summary>Writes prompt and answer, one behind the other.</summary>
    public void CopyTo(Span<int> tokens)
    {
        foreach (var piece in prompt)
        {
            piece.CopyTo(tokens);
            tokens = tokens[piece.Tokens..];
        }

        output.CopyTo(tokens);
    }
}
