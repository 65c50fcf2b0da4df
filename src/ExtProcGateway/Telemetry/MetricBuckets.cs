namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>Upper bounds of the histograms, as the reference picker has them: dashboards and recording rules name them.</summary>
internal static class MetricBuckets
{
    /// <summary>Durations of whole requests, seconds: 5 ms to an hour.</summary>
    public static readonly double[] General =
    [
        0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60, 120, 180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700,
        3600,
    ];

    /// <summary>Time to the first token, seconds: the general ones up to two minutes.</summary>
    public static readonly double[] FirstToken = General[..24];

    /// <summary>Output tokens.</summary>
    public static readonly double[] OutputTokens = [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192];

    /// <summary>Bytes of responses. 32778 is the reference's bound, not a slip here.</summary>
    public static readonly double[] ResponseBytes = [.. OutputTokens, 16384, 32778, 65536];

    /// <summary>Input and cached tokens.</summary>
    public static readonly double[] InputTokens = [.. ResponseBytes, 131072, 262144, 524288, 1048576];

    /// <summary>Bytes of requests: 64 to 1 GiB, doubling.</summary>
    public static readonly double[] RequestBytes = [.. Enumerable.Range(6, 25).Select(power => (double)(1L << power))];

    /// <summary>Duration divided by output tokens, seconds.</summary>
    public static readonly double[] PerOutputToken = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

    /// <summary>Time per output token of a streamed answer, seconds. 0.00205 is the reference's bound.</summary>
    public static readonly double[] StreamedPerToken = [0.0005, 0.00205, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.125, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 2];

    /// <summary>Gap between two pieces of a streamed answer, seconds.</summary>
    public static readonly double[] InterToken = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2];

    /// <summary>Scheduling and its parts, seconds.</summary>
    public static readonly double[] Scheduling = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1];

    /// <summary>The picker's own time for a request, seconds.</summary>
    public static readonly double[] RequestProcessing = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.015, 0.025, 0.04, 0.06, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>The picker's own time for a response, seconds.</summary>
    public static readonly double[] ResponseProcessing = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

    /// <summary>Part of a prompt, 0 to 1.</summary>
    public static readonly double[] HitRatio = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    /// <summary>Bytes of a prompt that a server holds.</summary>
    public static readonly double[] HitBytes = [0, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536];

    /// <summary>How long an ext_proc stream stays open, seconds.</summary>
    public static readonly double[] Streams = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600];
}
