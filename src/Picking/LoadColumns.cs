namespace Orleans.Inference.Picking;

/// <summary>The figures of all model servers of a pool that change with every scrape, column by column.</summary>
/// <remarks>Immutable once made: whoever fills the arrays hands them over.</remarks>
public sealed class LoadColumns
{
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public LoadColumns(int[] queued, int[] running, double[] kvUsage, long[] sampledAt)
    {
        ArgumentNullException.ThrowIfNull(queued);
        ArgumentNullException.ThrowIfNull(running);
        ArgumentNullException.ThrowIfNull(kvUsage);
        ArgumentNullException.ThrowIfNull(sampledAt);
        if (running.Length != queued.Length || kvUsage.Length != queued.Length || sampledAt.Length != queued.Length)
        {
            throw new ArgumentException($"load columns differ in length: {queued.Length}, {running.Length}, {kvUsage.Length}, {sampledAt.Length}");
        }

        Queued = queued;
        Running = running;
        KvUsage = kvUsage;
        SampledAt = sampledAt;
    }

    internal int[] Queued { get; }

    internal int[] Running { get; }

    internal double[] KvUsage { get; }

    internal long[] SampledAt { get; }

    /// <summary>Number of model servers.</summary>
    public int Count => Queued.Length;
}
