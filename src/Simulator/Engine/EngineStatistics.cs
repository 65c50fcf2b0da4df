namespace Orleans.Inference.Simulator.Engine;

/// <summary>What an engine has counted since its start: vLLM's counters and histograms, with vLLM's bucket bounds.</summary>
/// <remarks>Written by the engine; not thread-safe. Times in seconds.</remarks>
public sealed class EngineStatistics
{
    private static readonly double[] LatencyBounds =
        [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680];

    private static readonly double[] TokenBounds =
        [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000];

    /// <summary>Prompt tokens computed or found in the cache.</summary>
    public long PromptTokens { get; internal set; }

    /// <summary>Output tokens.</summary>
    public long GenerationTokens { get; internal set; }

    /// <summary>Sequences thrown out of the batch for want of blocks.</summary>
    public long Preemptions { get; internal set; }

    /// <summary>Prompt tokens looked up in the prefix cache.</summary>
    public long PrefixQueries { get; internal set; }

    /// <summary>Prompt tokens found there.</summary>
    public long PrefixHits { get; internal set; }

    /// <summary>Sequences that ended with <see cref="FinishReason.Stop"/>.</summary>
    public long Stopped { get; internal set; }

    /// <summary>Sequences that ended with <see cref="FinishReason.Length"/>.</summary>
    public long ReachedLength { get; internal set; }

    /// <summary>Sequences that ended with <see cref="FinishReason.Abort"/>.</summary>
    public long Aborted { get; internal set; }

    /// <summary>Tokens of each step.</summary>
    public Histogram IterationTokens { get; } = new(1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384);

    /// <summary>From arrival to the first token.</summary>
    public Histogram TimeToFirstToken { get; } = new(
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560);

    /// <summary>Between two tokens of a sequence.</summary>
    public Histogram InterTokenLatency { get; } = new(
        0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80);

    /// <summary>Mean time between two tokens, one observation for each sequence.</summary>
    public Histogram TimePerOutputToken { get; } = new(
        0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80);

    /// <summary>From arrival to the end.</summary>
    public Histogram EndToEnd { get; } = new(LatencyBounds);

    /// <summary>From arrival to the first batch.</summary>
    public Histogram QueueTime { get; } = new(LatencyBounds);

    /// <summary>From the first batch to the end.</summary>
    public Histogram InferenceTime { get; } = new(LatencyBounds);

    /// <summary>From the first batch to the first token.</summary>
    public Histogram PrefillTime { get; } = new(LatencyBounds);

    /// <summary>From the first token to the end.</summary>
    public Histogram DecodeTime { get; } = new(LatencyBounds);

    /// <summary>Prompt tokens of each sequence.</summary>
    public Histogram RequestPromptTokens { get; } = new(TokenBounds);

    /// <summary>Output tokens of each sequence.</summary>
    public Histogram RequestGenerationTokens { get; } = new(TokenBounds);

    internal void Ended(EngineRequest request, TimeSpan at)
    {
        switch (request.Finish)
        {
            case FinishReason.Abort:
                Aborted++;
                return;
            case FinishReason.Stop:
                Stopped++;
                break;
            default:
                ReachedLength++;
                break;
        }

        var scheduled = request.FirstScheduled.GetValueOrDefault();
        var first = request.FirstToken.GetValueOrDefault();
        EndToEnd.Observe((at - request.Arrived).TotalSeconds);
        QueueTime.Observe((scheduled - request.Arrived).TotalSeconds);
        InferenceTime.Observe((at - scheduled).TotalSeconds);
        PrefillTime.Observe((first - scheduled).TotalSeconds);
        DecodeTime.Observe((at - first).TotalSeconds);
        RequestPromptTokens.Observe(request.Prompt.Length);
        RequestGenerationTokens.Observe(request.Generated);
        if (request.Generated > 1)
        {
            TimePerOutputToken.Observe((at - first).TotalSeconds / (request.Generated - 1));
        }
    }
}
