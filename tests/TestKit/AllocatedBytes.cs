namespace Orleans.Inference.TestKit;

/// <summary>What code allocates once it is warm.</summary>
public static class AllocatedBytes
{
    private const int Rounds = 10;

    /// <summary>Bytes that <paramref name="action"/> allocates on this thread, in the round of several that allocates least.</summary>
    /// <remarks>
    /// The least, because a collection that another test causes in the midst of a round counts what is left of the thread's allocation buffer as
    /// allocated. Code that allocates does so in every round.
    /// </remarks>
    public static long OfSteadyState(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        action();
        action();
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
