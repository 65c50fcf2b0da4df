using Orleans.Inference.Bench.Simulation.Runs;

namespace Orleans.Inference.Bench.Simulation.Results;

/// <summary>One figure of a run that is drawn.</summary>
/// <param name="Title">Above the drawing.</param>
/// <param name="Value">The figure.</param>
/// <param name="IsLogarithmic">Its values lie orders of magnitude apart.</param>
internal sealed record Metric(string Title, Func<RunFigures, double> Value, bool IsLogarithmic = false)
{
    public static readonly IReadOnlyList<Metric> All =
    [
        new("TTFT p50 (s)", f => f.FirstToken.P50, true),
        new("TTFT p90 (s)", f => f.FirstToken.P90, true),
        new("TTFT p99 (s)", f => f.FirstToken.P99, true),
        new("output tokens/s", f => f.OutputTokensPerSecond),
        new("prefix hit rate", f => f.HitRate),
        new("load variation", f => f.LoadVariation),
    ];
}
