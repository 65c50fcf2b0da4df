namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>Events since the page was last written. Safe from any thread.</summary>
internal sealed class TallyCounter
{
    private long _count;

    public void Increment() => Interlocked.Increment(ref _count);

    public void Add(long count) => Interlocked.Add(ref _count, count);

    /// <summary>Their number; begins anew.</summary>
    public long Take() => Volatile.Read(ref _count) == 0 ? 0 : Interlocked.Exchange(ref _count, 0);
}
