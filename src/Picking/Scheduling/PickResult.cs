namespace Orleans.Inference.Picking.Scheduling;

/// <summary>What a decision came to, profile by profile; valid until the next decision with the same scratch.</summary>
public readonly ref struct PickResult
{
    private readonly ReadOnlySpan<int> _picks;

    /// <param name="runs">In the order in which they ran.</param>
    /// <param name="picks">The picks of all runs.</param>
    /// <param name="primary">Index in <paramref name="runs"/> of the run that names the destination.</param>
    public PickResult(ReadOnlySpan<ProfileRun> runs, ReadOnlySpan<int> picks, int primary)
    {
        Runs = runs;
        _picks = picks;
        PrimaryRun = primary;
    }

    /// <summary>The profiles that ran, in their order.</summary>
    public ReadOnlySpan<ProfileRun> Runs { get; }

    /// <summary>Index in <see cref="Runs"/> of the run that names the destination.</summary>
    public int PrimaryRun { get; }

    /// <summary>The destination and its fallbacks, best first, as indexes into the view.</summary>
    public ReadOnlySpan<int> Primary => PicksOf(Runs[PrimaryRun]);

    /// <summary>What a run picked, best first, as indexes into the view; empty where its filters left nothing.</summary>
    public ReadOnlySpan<int> PicksOf(ProfileRun run) => _picks.Slice(run.Start, run.Count);

    /// <summary>The first of what the profile of an index picked, as an index into the view; -1 where it did not run, or picked nothing.</summary>
    public int BestOf(int profile) => PicksOf(profile) is [var best, ..] ? best : -1;

    /// <summary>What the profile of an index picked; empty where it did not run, or picked nothing.</summary>
    public ReadOnlySpan<int> PicksOf(int profile) => Runs.PlaceOf(profile) is >= 0 and var place ? PicksOf(Runs[place]) : [];
}
