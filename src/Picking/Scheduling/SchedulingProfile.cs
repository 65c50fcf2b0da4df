using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Orleans.Inference.Picking.Scheduling;

/// <summary>Filters, scorers and a picker that run in this order.</summary>
/// <remarks>Immutable; one instance serves all requests of all threads.</remarks>
public sealed class SchedulingProfile
{
    private readonly IFilter[] _filters;
    private readonly WeightedScorer[] _scorers;

    public SchedulingProfile(string name, IReadOnlyList<IFilter> filters, IReadOnlyList<WeightedScorer> scorers, IPicker picker)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(filters);
        ArgumentNullException.ThrowIfNull(scorers);
        ArgumentNullException.ThrowIfNull(picker);
        Name = name;
        _filters = [.. filters];
        _scorers = [.. scorers];
        Picker = picker;
    }

    /// <summary>Name in the configuration.</summary>
    public string Name { get; }

    /// <summary>The picker, last in the profile.</summary>
    public IPicker Picker { get; }

    internal ReadOnlySpan<IFilter> Filters => _filters;

    internal ReadOnlySpan<WeightedScorer> Scorers => _scorers;

    /// <summary>Picks among <paramref name="candidates"/>; returns how many were picked, 0 where the filters left nothing.</summary>
    /// <param name="candidates">Indexes into the view; reordered.</param>
    /// <param name="scratch">Two columns as long as <paramref name="candidates"/>; afterwards <paramref name="totals"/> belongs to the candidates that were left.</param>
    /// <param name="scored">How many candidates were left.</param>
    internal int Run(in PickContext context, Span<int> candidates, Span<double> scratch, Span<double> totals, Span<int> picks, out int scored)
    {
        Debug.Assert(scratch.Length >= candidates.Length && totals.Length >= candidates.Length);
        scored = 0;
        foreach (var filter in _filters)
        {
            candidates = candidates[..filter.Keep(context, candidates)];
            if (candidates.IsEmpty)
            {
                return 0;
            }
        }

        scored = candidates.Length;
        totals = totals[..candidates.Length];
        scratch = scratch[..candidates.Length];
        totals.Clear();
        foreach (var (scorer, weight) in _scorers)
        {
            scorer.Score(context, candidates, scratch);
            AddWeighted(totals, scratch, weight);
        }

        return Picker.Pick(context, candidates, totals, picks);
    }

    private static void AddWeighted(Span<double> totals, ReadOnlySpan<double> scores, double weight)
    {
        var totalVectors = MemoryMarshal.Cast<double, Vector<double>>(totals);
        var scoreVectors = MemoryMarshal.Cast<double, Vector<double>>(scores);
        for (var i = 0; i < totalVectors.Length; i++)
        {
            totalVectors[i] += weight * Vector.Min(Vector.Max(scoreVectors[i], Vector<double>.Zero), Vector<double>.One);
        }

        for (var i = totalVectors.Length * Vector<double>.Count; i < totals.Length; i++)
        {
            totals[i] += weight * Math.Clamp(scores[i], 0, 1);
        }
    }
}
