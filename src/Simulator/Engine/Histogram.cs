namespace Orleans.Inference.Simulator.Engine;

/// <summary>Counts of observations in buckets.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class Histogram
{
    private readonly double[] _bounds;
    private readonly long[] _counts;

    /// <param name="bounds">Upper bounds, inclusive, ascending; the bucket without an upper bound is added.</param>
    public Histogram(params double[] bounds)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        _bounds = bounds;
        _counts = new long[bounds.Length + 1];
    }

    /// <summary>Upper bounds, without infinity.</summary>
    public ReadOnlySpan<double> Bounds => _bounds;

    /// <summary>Observations of each bucket alone, the last one beyond all bounds.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>Sum of all observations.</summary>
    public double Sum { get; private set; }

    /// <summary>Number of all observations.</summary>
    public long Count { get; private set; }

    /// <summary>Adds an observation.</summary>
    public void Observe(double value)
    {
        var index = Array.BinarySearch(_bounds, value);
        _counts[index < 0 ? ~index : index]++;
        Sum += value;
        Count++;
    }
}
