namespace Orleans.Inference.Simulator.Load;

/// <summary>What became of one request.</summary>
internal sealed record RequestResult
{
    public required int Conversation { get; init; }

    public required int Turn { get; init; }

    public required string Model { get; init; }

    /// <summary>When it should have been sent, from the start of the run.</summary>
    public required TimeSpan Due { get; init; }

    /// <summary>From then to the first piece of the answer; null where none came. A sender that lags shows up here instead of hiding the wait.</summary>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>From then to the end.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>HTTP status; 0 where there was no answer.</summary>
    public int Status { get; init; }

    /// <summary>What went wrong; null where nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>The model server that answered, from <c>x-simulator-server</c>; empty where unknown.</summary>
    public string Server { get; init; } = "";

    public int PromptTokens { get; init; }

    public int CachedTokens { get; init; }

    public int OutputTokens { get; init; }

    /// <summary>What the model said.</summary>
    public string Text { get; init; } = "";

    public bool Succeeded => Error is null;
}
