using System.Numerics;

namespace Orleans.Inference.Picking.Scheduling;

/// <summary>Working columns of one thread's decisions; grown to the largest pool seen, never shrunk, so that a decision allocates nothing.</summary>
/// <remarks>Not safe for two decisions at once.</remarks>
public sealed class PickScratch
{
    /// <summary>Most profiles that run for one request.</summary>
    public const int MaxRuns = 8;

    /// <summary>Most servers picked by one profile.</summary>
    public const int MaxPicks = 16;

    /// <summary>Columns for each run: those of the primary one are wanted after the others have run. What never runs has none.</summary>
    private readonly RunColumns[] _columns = new RunColumns[MaxRuns];
    private readonly int[] _picks = new int[MaxRuns * MaxPicks];
    private readonly ProfileRun[] _runs = new ProfileRun[MaxRuns];
    private double[] _scores = [];
    private int[] _allowed = [];
    private int _runCount;
    private int _primary;

    /// <summary>What the last decision came to, where it picked a server.</summary>
    public PickResult Result => new(_runs.AsSpan(0, _runCount), _picks, _primary);

    /// <summary>The servers that the primary run scored, as indexes into the view; valid until the next decision.</summary>
    public ReadOnlySpan<int> Scored => _columns[_primary].Candidates.AsSpan(0, _columns[_primary].Scored);

    /// <summary>The weighted sum of scores of each of <see cref="Scored"/>.</summary>
    public ReadOnlySpan<double> ScoredTotals => _columns[_primary].Totals.AsSpan(0, _columns[_primary].Scored);

    /// <summary>Plugins' changes to the request; cleared by whoever lets the plugins make them.</summary>
    public RequestEdits Edits { get; } = new();

    /// <summary>What was picked by the last decision, all its runs one after the other.</summary>
    internal Span<int> Picks => _picks;

    /// <summary>The runs of the decision so far.</summary>
    internal ReadOnlySpan<ProfileRun> Runs => _runs.AsSpan(0, _runCount);

    /// <summary>The servers a request may use, as indexes into a view of <paramref name="count"/> servers; filled by the caller of the decision.</summary>
    public Span<int> Allowed(int count)
    {
        if (_allowed.Length < count)
        {
            Array.Resize(ref _allowed, SizeFor(count));
        }

        return _allowed.AsSpan(0, count);
    }

    /// <summary>Begins a decision.</summary>
    internal void Begin() => (_runCount, _primary) = (0, 0);

    /// <summary>The working columns of the next run.</summary>
    /// <param name="candidates">A copy of <paramref name="allowed"/> that a profile may reorder.</param>
    internal void Columns(ReadOnlySpan<int> allowed, out Span<int> candidates, out Span<double> scores, out Span<double> totals)
    {
        ref var columns = ref _columns[_runCount];
        if (columns.Candidates is null || columns.Candidates.Length < allowed.Length)
        {
            var size = SizeFor(allowed.Length);
            columns = new RunColumns { Candidates = new int[size], Totals = new double[size] };
        }

        if (_scores.Length < allowed.Length)
        {
            _scores = new double[SizeFor(allowed.Length)];
        }

        columns.Scored = 0;
        candidates = columns.Candidates.AsSpan(0, allowed.Length);
        allowed.CopyTo(candidates);
        totals = columns.Totals;
        scores = _scores;
    }

    /// <summary>Keeps what the run came to.</summary>
    /// <param name="scored">How many candidates it scored.</param>
    internal void Add(ProfileRun run, int scored)
    {
        _columns[_runCount].Scored = scored;
        _runs[_runCount++] = run;
    }

    /// <summary>Says which run names the destination.</summary>
    internal void Conclude(int primary) => _primary = primary;

    private static int SizeFor(int count) => (int)BitOperations.RoundUpToPowerOf2((uint)count);

    /// <summary>What one run works on.</summary>
    private struct RunColumns
    {
        public int[]? Candidates;
        public double[]? Totals;
        public int Scored;
    }
}
