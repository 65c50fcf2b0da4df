using System.Diagnostics;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Tracing;

/// <summary>A picker in a span that tells the best candidates; ends the profile's span.</summary>
internal sealed class TracedPicker(IPicker picker) : IPicker
{
    /// <summary>The reference picker's number.</summary>
    private const int MostTold = 5;

    /// <inheritdoc/>
    public int MaxPicks => picker.MaxPicks;

    /// <inheritdoc/>
    public int Pick(in PickContext context, Span<int> candidates, Span<double> totals, Span<int> picks)
    {
        int count;
        using (var span = SchedulingTrace.Start("pick_endpoints", context.Request))
        {
            span?.SetTag("llm_d.epp.picker.candidate_endpoints", candidates.Length);
            if (span is not null)
            {
                TellBest(span, context, candidates, totals);
            }

            count = picker.Pick(context, candidates, totals, picks);
        }

        if (Activity.Current is { OperationName: "run_scheduler_profile" } run)
        {
            run.Stop();
        }

        return count;
    }

    private static void TellBest(Activity span, in PickContext context, ReadOnlySpan<int> candidates, ReadOnlySpan<double> totals)
    {
        var order = new int[candidates.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        // Stable by index: candidates with the same total are told in the order of the view.
        var descending = totals.ToArray();
        Array.Sort(order, (one, other) => descending[other].CompareTo(descending[one]) is not 0 and var byTotal ? byTotal : one.CompareTo(other));
        var told = Math.Min(MostTold, order.Length);
        var (names, scores) = (new string[told], new double[told]);
        for (var i = 0; i < told; i++)
        {
            names[i] = context.View.Servers[candidates[order[i]]].Id;
            scores[i] = totals[order[i]];
        }

        span.SetTag("llm_d.epp.picker.top_endpoints", names).SetTag("llm_d.epp.picker.top_scores", scores);
    }
}
