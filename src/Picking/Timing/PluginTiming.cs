using System.Diagnostics;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Tracing;

namespace Orleans.Inference.Picking.Timing;

/// <summary>The times of plugins, for requests with <see cref="InferenceRequest.PluginTimes"/>.</summary>
/// <remarks>As with spans, a scheduler has a twin whose plugins are wrapped; only requests that are measured go there, so that others pay one comparison.</remarks>
internal static class PluginTiming
{
    /// <summary>The same profile, with every plugin measured.</summary>
    public static SchedulingProfile Wrap(SchedulingProfile profile)
    {
        var filters = new IFilter[profile.Filters.Length];
        for (var i = 0; i < filters.Length; i++)
        {
            filters[i] = new TimedFilter(profile.Filters[i]);
        }

        var scorers = new WeightedScorer[profile.Scorers.Length];
        for (var i = 0; i < scorers.Length; i++)
        {
            var (scorer, weight) = profile.Scorers[i];
            scorers[i] = new WeightedScorer(new TimedScorer(scorer), weight);
        }

        return new SchedulingProfile(profile.Name, filters, scorers, new TimedPicker(profile.Picker));
    }

    private static void Tell(in PickContext context, string extensionPoint, string type, string name, long since) =>
        context.Request.PluginTimes?.Took(extensionPoint, type, name, Stopwatch.GetElapsedTime(since));

    private sealed class TimedFilter(IFilter filter) : IFilter
    {
        private readonly string _type = PluginName.Of(filter);
        private readonly string _name = PluginName.InstanceOf(filter);

        public int Keep(in PickContext context, Span<int> candidates)
        {
            var since = Stopwatch.GetTimestamp();
            var kept = filter.Keep(context, candidates);
            Tell(context, "Filter", _type, _name, since);
            return kept;
        }
    }

    private sealed class TimedScorer(IScorer scorer) : IScorer
    {
        private readonly string _type = PluginName.Of(scorer);
        private readonly string _name = PluginName.InstanceOf(scorer);

        public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
        {
            var since = Stopwatch.GetTimestamp();
            scorer.Score(context, candidates, scores);
            Tell(context, "Scorer", _type, _name, since);
        }
    }

    private sealed class TimedPicker(IPicker picker) : IPicker
    {
        private readonly string _type = PluginName.Of(picker);
        private readonly string _name = PluginName.InstanceOf(picker);

        public int MaxPicks => picker.MaxPicks;

        public int Pick(in PickContext context, Span<int> candidates, Span<double> totals, Span<int> picks)
        {
            var since = Stopwatch.GetTimestamp();
            var count = picker.Pick(context, candidates, totals, picks);
            Tell(context, "Picker", _type, _name, since);
            return count;
        }
    }
}
