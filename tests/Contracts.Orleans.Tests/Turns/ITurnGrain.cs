using Orleans.Concurrency;

namespace Orleans.Inference.OrleansContracts.Turns;

public interface ITurnGrain : IGrainWithStringKey
{
    /// <summary>Counts itself in, yields several times and counts itself out; answers how many were inside at most.</summary>
    Task<int> Overlap();

    Task Record(int value);

    Task<List<int>> Recorded();

    /// <summary>Runs until <see cref="Open"/> opens the named gate.</summary>
    Task WaitAtGate();

    [ReadOnly]
    Task ReadAtGate();

    [AlwaysInterleave]
    Task Open();

    [AlwaysInterleave]
    Task<int> Inside();
}
