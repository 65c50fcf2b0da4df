using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Tracing;

/// <summary>All filters of a profile as one, in a span; opens the profile's span, which the picker ends, or this where no candidate is left for one.</summary>
internal sealed class TracedFilters(string profile, IFilter[] filters) : IFilter
{
    /// <inheritdoc/>
    public int Keep(in PickContext context, Span<int> candidates)
    {
        var run = SchedulingTrace.Start("run_scheduler_profile", context.Request)?.SetTag("llm_d.epp.scheduling.profile.name", profile);
        var kept = Filter(context, candidates);
        if (kept == 0)
        {
            run?.Stop();
        }

        return kept;
    }

    private int Filter(in PickContext context, Span<int> candidates)
    {
        using var span = SchedulingTrace.Start("filter_endpoints", context.Request);
        span?.SetTag("llm_d.epp.filter.candidate_endpoints", candidates.Length);
        foreach (var filter in filters)
        {
            candidates = candidates[..filter.Keep(context, candidates)];
            if (candidates.IsEmpty)
            {
                break;
            }
        }

        span?.SetTag("llm_d.epp.filter.filtered_endpoints", candidates.Length);
        return candidates.Length;
    }
}
