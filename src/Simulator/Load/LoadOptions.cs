namespace Orleans.Inference.Simulator.Load;

/// <summary>What load to make.</summary>
internal sealed record LoadOptions
{
    public Uri Url { get; init; } = new("http://127.0.0.1:8080");

    /// <summary>Requests per second, on average.</summary>
    public double Rate { get; init; } = 10;

    /// <summary>For how long requests are begun.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most requests.</summary>
    public int Requests { get; init; } = 1_000_000;

    public WorkloadKind Workload { get; init; } = WorkloadKind.SharedPrefix;

    /// <summary>Different prefixes (system prompts) that requests share.</summary>
    public int Prefixes { get; init; } = 16;

    public int PrefixTokens { get; init; } = 512;

    /// <summary>Tokens of each request or turn of its own.</summary>
    public int QuestionTokens { get; init; } = 128;

    public int OutputTokens { get; init; } = 64;

    /// <summary>Turns of a conversation.</summary>
    public int Turns { get; init; } = 5;

    /// <summary>From an answer to the next turn.</summary>
    public TimeSpan ThinkTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Models and adapters, of which each conversation takes one at random.</summary>
    public IReadOnlyList<string> Models { get; init; } = ["sim"];

    public bool Streams { get; init; } = true;

    public int Seed { get; init; } = 1;

    /// <summary>Requests in flight above which arrivals are not sent, and counted as such.</summary>
    public int MaxInFlight { get; init; } = 4_096;

    /// <summary>Most time for one request.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>File for one line a request; null for none.</summary>
    public string? Csv { get; init; }
}
