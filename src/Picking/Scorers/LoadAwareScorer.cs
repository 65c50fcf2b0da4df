using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Scorers;

/// <summary><c>load-aware-scorer</c>: 0.5 without a queue; else 0.5 · (1 − min(queued, threshold) / threshold).</summary>
/// <param name="threshold"><c>threshold</c>: requests waiting from which more makes no difference.</param>
public sealed class LoadAwareScorer(int threshold = LoadAwareScorer.DefaultThreshold) : IScorer
{
    /// <summary>The default of <c>threshold</c>.</summary>
    public const int DefaultThreshold = 128;

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<LoadAwareScorer, LoadAwareScorerParameters>(
        "load-aware-scorer", (parameters, _) => new(parameters.Threshold)) with
    {
        Summary = "Prefers servers with shorter queues, by a fixed scale: unlike `queue-scorer`, whatever the other candidates have.",
        Formula = "0.5 · (1 − min(queued, threshold) / threshold)",
        Example = """
            - type: load-aware-scorer
              parameters:
                threshold: 64
            """,
    };

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        var queued = context.Queued;
        for (var i = 0; i < candidates.Length; i++)
        {
            scores[i] = 0.5 * (1 - ((double)Math.Min(queued[candidates[i]], threshold) / threshold));
        }
    }
}
