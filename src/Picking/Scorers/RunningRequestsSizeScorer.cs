using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Scorers;

/// <summary><c>running-requests-size-scorer</c>: (max − running) / (max − min) over the candidates; 1 for all where they are equal.</summary>
public sealed class RunningRequestsSizeScorer : IScorer
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of("running-requests-size-scorer", _ => new RunningRequestsSizeScorer()) with
    {
        Summary = "Prefers servers that run fewer requests.",
        Formula = "(max − running) / (max − min) over the candidates; 1 where all are equal",
    };

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores) => LinearScore.LowerIsBetter(context.Running, candidates, scores);
}
