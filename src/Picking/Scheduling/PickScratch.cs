namespace Orleans.Inference.Picking.Scheduling;

/// <summary>Working columns of one thread's decisions; grown to the largest pool seen, never shrunk, so that a decision allocates nothing.</summary>
/// <remarks>Not safe for two decisions at once.</remarks>
public sealed class PickScratch
{
    /// <summary>Most profiles that run for one request.</summary>
    public const int MaxRuns = 8;

    /// <summary>Most servers picked by one profile.</summary>
    public const int MaxPicks = 16;

    private int[] _candidates = [];
    private double[] _scores = [];
    private double[] _totals = [];
    private readonly int[] _picks = new int[MaxRuns * MaxPicks];
    private readonly ProfileRun[] _runs = new ProfileRun[MaxRuns];
    private int[] _allowed = [];

    /// <summary>What was picked by the last decision, all its runs one after the other.</summary>
    internal Span<int> Picks => _picks;

    /// <summary>The runs of the last decision.</summary>
    internal Span<ProfileRun> Runs => _runs;

    internal Span<double> Scores => _scores;

    internal Span<double> Totals => _totals;

    /// <summary>The servers that the last profile run scored, as indexes into the view; valid until the next decision.</summary>
    public ReadOnlySpan<int> Scored => _candidates.AsSpan(0, ScoredCount);

    /// <summary>The weighted sum of scores of each of <see cref="Scored"/>.</summary>
    public ReadOnlySpan<double> ScoredTotals => _totals.AsSpan(0, ScoredCount);

    internal int ScoredCount { get; set; }

    /// <summary>The servers a request may use, as indexes into a view of <paramref name="count"/> servers; filled by the caller of the decision.</summary>
    public Span<int> Allowed(int count)
    {
        Grow(count);
        return _allowed.AsSpan(0, count);
    }

    /// <summary>A copy of <paramref name="allowed"/> that a profile may reorder.</summary>
    internal Span<int> Candidates(ReadOnlySpan<int> allowed)
    {
        Grow(allowed.Length);
        var candidates = _candidates.AsSpan(0, allowed.Length);
        allowed.CopyTo(candidates);
        return candidates;
    }

    private void Grow(int count)
    {
        if (_candidates.Length >= count)
        {
            return;
        }

        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count);
        _candidates = new int[size];
        _scores = new double[size];
        _totals = new double[size];
        Array.Resize(ref _allowed, size);
    }
}
