namespace Orleans.Inference.Bench.Simulation.Runs;

/// <summary>What one run came to. Times in seconds.</summary>
internal sealed record RunFigures
{
    public required string Workload { get; init; }

    /// <summary>Arrivals in a second.</summary>
    public required double Rate { get; init; }

    public required string Strategy { get; init; }

    /// <summary>Requests after the warm-up, of which the other figures are.</summary>
    public required int Requests { get; init; }

    /// <summary>From arrival to the first token.</summary>
    public required Percentiles FirstToken { get; init; }

    /// <summary>Mean time between two tokens of a request.</summary>
    public required Percentiles PerToken { get; init; }

    /// <summary>From arrival to the end.</summary>
    public required Percentiles EndToEnd { get; init; }

    /// <summary>All output over the time from the end of the warm-up to the last answer.</summary>
    public required double OutputTokensPerSecond { get; init; }

    /// <summary>Part of the prompt tokens that were in a server's cache, 0 to 1.</summary>
    public required double HitRate { get; init; }

    /// <summary>Standard deviation of the servers' requests in flight as part of their mean, averaged over time.</summary>
    public required double LoadVariation { get; init; }

    /// <summary>Sequences thrown out of a batch for want of KV blocks.</summary>
    public required long Preemptions { get; init; }
}
