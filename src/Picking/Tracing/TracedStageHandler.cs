using System.Diagnostics;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scheduling.Disaggregation;

namespace Orleans.Inference.Picking.Tracing;

/// <summary>A handler of stages, with a span around each of its choices: <c>run_STAGE</c>, then <c>complete_STAGES</c>, or <c>complete</c> where no server decodes.</summary>
internal sealed class TracedStageHandler(IStageHandler handler) : IProfileHandler
{
    /// <inheritdoc/>
    public int Next(in PickContext context, ReadOnlySpan<ProfileRun> runs)
    {
        using var span = SchedulingTrace.Start("pick_disagg_profile", context.Request);
        var next = handler.Next(context, runs);
        if (span is not null)
        {
            Describe(span, next, runs);
        }

        return next;
    }

    /// <inheritdoc/>
    public int Primary(in PickContext context, ReadOnlySpan<ProfileRun> runs) => handler.Primary(context, runs);

    private void Describe(Activity span, int next, ReadOnlySpan<ProfileRun> runs)
    {
        const string key = "llm_d.epp.profile_handler.decision";
        var stages = handler.Stages;
        if (next != IProfileHandler.Done)
        {
            span.SetTag(key, next == stages.Decode ? "run_decode" : next == stages.Prefill ? "run_prefill" : "run_encode");
        }
        else if (!HasPicked(runs, stages.Decode))
        {
            span.SetTag(key, "complete").SetTag("llm_d.epp.profile_handler.decode_failed", true);
        }
        else
        {
            span.SetTag(key, "complete_" + StageDecisions.NameOf(HasPicked(runs, stages.Prefill), HasPicked(runs, stages.Encode)));
        }
    }

    private static bool HasPicked(ReadOnlySpan<ProfileRun> runs, int profile) => runs.PlaceOf(profile) is >= 0 and var place && runs[place].Count > 0;
}
