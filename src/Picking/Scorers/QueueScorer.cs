using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Scorers;

/// <summary><c>queue-scorer</c>: (max − queued) / (max − min) over the candidates; 1 for all where they are equal.</summary>
public sealed class QueueScorer : IScorer
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of("queue-scorer", _ => new QueueScorer()) with
    {
        Summary = "Prefers servers with fewer requests in their queues.",
        Formula = "(max − queued) / (max − min) over the candidates; 1 where all are equal",
    };

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores) => LinearScore.LowerIsBetter(context.Queued, candidates, scores);
}
