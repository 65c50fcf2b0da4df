using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Simulator.ModelServer.Api;

/// <summary>A request that has been understood and accepted: its sequences, and how to answer.</summary>
internal sealed record Generation
{
    public required IAnswerFormat Format { get; init; }

    public required string Id { get; init; }

    /// <summary>The name that the client used.</summary>
    public required string Model { get; init; }

    public required long Created { get; init; }

    public required bool Streams { get; init; }

    public required bool IncludeUsage { get; init; }

    public required bool ContinuousUsage { get; init; }

    /// <summary>Sequences for each prompt.</summary>
    public required int ChoicesPerPrompt { get; init; }

    /// <summary>One for each choice of the answer, those of one prompt beside each other.</summary>
    public required IReadOnlyList<EngineRequest> Sequences { get; init; }

    public required GenerationFeed Feed { get; init; }

    public Usage CountUsage()
    {
        var usage = default(Usage);
        for (var i = 0; i < Sequences.Count; i++)
        {
            var sequence = Sequences[i];
            var newPrompt = i % ChoicesPerPrompt == 0;
            usage = new Usage(
                usage.PromptTokens + (newPrompt ? sequence.Prompt.Length : 0),
                usage.CompletionTokens + sequence.Generated,
                usage.CachedTokens + (newPrompt ? sequence.CachedTokens : 0));
        }

        return usage;
    }
}
