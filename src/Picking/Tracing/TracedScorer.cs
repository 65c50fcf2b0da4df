using System.Diagnostics;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Tracing;

/// <summary>A scorer in a span; the first of a profile also opens the span around all of them, and the last ends it.</summary>
internal sealed class TracedScorer(IScorer scorer, double weight, int index, int count) : IScorer
{
    private readonly string _type = PluginName.Of(scorer);
    private readonly string _name = PluginName.InstanceOf(scorer);
    private readonly string _span = "llm_d.epp.scorer." + PluginName.Of(scorer);

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        if (index == 0)
        {
            SchedulingTrace.Start("llm_d.epp.scoring", context.Request)?
                .SetTag("llm_d.epp.scorer.count", count)
                .SetTag("llm_d.epp.scoring.candidate_endpoints", candidates.Length);
        }

        using (var span = SchedulingTrace.Start(_span, context.Request))
        {
            scorer.Score(context, candidates, scores);
            if (span is not null)
            {
                Describe(span, scores);
            }
        }

        if (index == count - 1 && Activity.Current is { OperationName: "llm_d.epp.scoring" } scoring)
        {
            scoring.Stop();
        }
    }

    private void Describe(Activity span, ReadOnlySpan<double> scores)
    {
        var (max, sum) = (double.NegativeInfinity, 0.0);
        foreach (var score in scores)
        {
            max = Math.Max(max, score);
            sum += score;
        }

        span.SetTag("llm_d.epp.scorer.type", _type)
            .SetTag("llm_d.epp.scorer.name", _name)
            .SetTag("llm_d.epp.scorer.weight", weight)
            .SetTag("llm_d.epp.scorer.candidate_endpoints", scores.Length)
            .SetTag("llm_d.epp.scorer.score.max", max)
            .SetTag("llm_d.epp.scorer.score.avg", sum / scores.Length)
            .SetTag("llm_d.epp.scorer.endpoints_scored", scores.Length);
    }
}
