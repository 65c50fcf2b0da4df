using Orleans.Inference.Picking.Timing;
using Orleans.Inference.Picking.Tracing;

namespace Orleans.Inference.Picking.Scheduling;

/// <summary>The scheduling cycle: the handler names profiles, each runs, the primary run's picks are the answer.</summary>
/// <remarks>Immutable; one instance serves all requests of all threads.</remarks>
public sealed class Scheduler
{
    private readonly IProfileHandler _handler;
    private readonly SchedulingProfile[] _profiles;
    private readonly Scheduler? _traced;
    private readonly Scheduler? _timed;

    /// <exception cref="ArgumentException">No profile, or a picker that picks more than <see cref="PickScratch.MaxPicks"/>.</exception>
    public Scheduler(IProfileHandler handler, IReadOnlyList<SchedulingProfile> profiles)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(profiles);
        if (profiles.Count == 0)
        {
            throw new ArgumentException("a scheduler needs at least one profile", nameof(profiles));
        }

        if (profiles.FirstOrDefault(p => p.Picker.MaxPicks is < 1 or > PickScratch.MaxPicks) is { } profile)
        {
            throw new ArgumentException($"the picker of profile '{profile.Name}' picks {profile.Picker.MaxPicks} servers; 1 to {PickScratch.MaxPicks} are possible", nameof(profiles));
        }

        _handler = handler;
        _profiles = [.. profiles];
        _traced = new Scheduler(SchedulingTrace.Wrap(handler), [.. profiles.Select(SchedulingTrace.Wrap)]);
        _timed = new Scheduler(handler, [.. profiles.Select(PluginTiming.Wrap)]);
    }

    /// <summary>A twin: it has none of its own.</summary>
    private Scheduler(IProfileHandler handler, SchedulingProfile[] profiles)
    {
        _handler = handler;
        _profiles = profiles;
    }

    /// <summary>Decides for one request.</summary>
    /// <param name="allowed">The servers that the request may use, as indexes into the view; not changed.</param>
    /// <param name="picks">The answer, best first; valid until the next decision with this <paramref name="scratch"/>.</param>
    public PickOutcome Pick(in PickContext context, ReadOnlySpan<int> allowed, PickScratch scratch, out ReadOnlySpan<int> picks)
    {
        ArgumentNullException.ThrowIfNull(scratch);
        picks = default;
        if (allowed.IsEmpty)
        {
            return PickOutcome.NoCandidates;
        }

        if (context.Request.Trace is not null && _traced is not null)
        {
            return SchedulingTrace.Pick(_traced, context, allowed, scratch, out picks);
        }

        // A traced request is not measured: its spans would be part of the times.
        if (context.Request.PluginTimes is not null && _timed is not null && context.Request.Trace is null)
        {
            return _timed.Pick(context, allowed, scratch, out picks);
        }

        scratch.Begin();
        var used = 0;
        while (scratch.Runs.Length < PickScratch.MaxRuns)
        {
            var next = _handler.Next(context, scratch.Runs);
            if (next == IProfileHandler.Done)
            {
                break;
            }

            scratch.Columns(allowed, out var candidates, out var scores, out var totals);
            var picked = scratch.Picks[used..];
            var count = _profiles[next].Run(context, candidates, scores, totals, picked, out var scored);
            scratch.Add(new ProfileRun(next, used, count, count == 0 ? -1 : picked[0]), scored);
            used += count;
        }

        if (scratch.Runs.IsEmpty)
        {
            return PickOutcome.NoProfile;
        }

        scratch.Conclude(_handler.Primary(context, scratch.Runs));
        picks = scratch.Result.Primary;
        return picks.IsEmpty ? PickOutcome.FiltersDrained : PickOutcome.Picked;
    }
}
