using System.Diagnostics;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scheduling.Disaggregation;

namespace Orleans.Inference.Picking.Tracing;

/// <summary>The spans of a scheduling cycle, for requests with an <see cref="InferenceRequest.Trace"/>.</summary>
/// <remarks>
/// A scheduler has a twin whose plugins are wrapped in spans; only traced requests go there, so that others pay one comparison. Names and attributes are the reference
/// picker's: <c>run_scheduler_profile</c>, below it <c>filter_endpoints</c>, <c>llm_d.epp.scoring</c> with one <c>llm_d.epp.scorer.TYPE</c> for each scorer, and
/// <c>pick_endpoints</c>; where the stages of a request are split, <c>pick_disagg_profile</c> for each choice of a profile, and <c>prepare_disaggregation</c>. Everything is on one thread, so the span that is open is <see cref="Activity.Current"/>.
/// </remarks>
public static class SchedulingTrace
{
    /// <summary>Name of the source of these spans.</summary>
    public const string SourceName = "Orleans.Inference.Picking";

    internal static ActivitySource Source { get; } = new(SourceName);

    /// <summary>The same profile, with spans.</summary>
    internal static SchedulingProfile Wrap(SchedulingProfile profile)
    {
        var scorers = new WeightedScorer[profile.Scorers.Length];
        for (var i = 0; i < scorers.Length; i++)
        {
            var (scorer, weight) = profile.Scorers[i];
            scorers[i] = new WeightedScorer(new TracedScorer(scorer, weight, i, scorers.Length), weight);
        }

        return new SchedulingProfile(profile.Name, [new TracedFilters(profile.Name, profile.Filters.ToArray())], scorers, new TracedPicker(profile.Picker));
    }

    /// <summary>The same handler, with spans where it is one of stages.</summary>
    internal static IProfileHandler Wrap(IProfileHandler handler) => handler is IStageHandler stages ? new TracedStageHandler(stages) : handler;

    /// <summary>The same plugin, with a span where it tells of stages.</summary>
    internal static IPreRequest Wrap(IPreRequest plugin) => plugin is IStageAnnouncer announcer ? new TracedStageAnnouncer(announcer) : plugin;

    /// <summary>Decides with the twin of a scheduler, and leaves the thread without a span as it was.</summary>
    internal static PickOutcome Pick(Scheduler traced, in PickContext context, ReadOnlySpan<int> allowed, PickScratch scratch, out ReadOnlySpan<int> picks)
    {
        var before = Activity.Current;
        Activity.Current = context.Request.Trace;
        try
        {
            return traced.Pick(context, allowed, scratch, out picks);
        }
        finally
        {
            Activity.Current = before;
        }
    }

    /// <summary>Starts a span below the one that is open; null where nobody listens.</summary>
    internal static Activity? Start(string name, InferenceRequest request) =>
        Source.StartActivity(name)?.SetTag("gen_ai.request.model", request.TargetModel).SetTag("gen_ai.request.id", request.RequestId);
}
