namespace Orleans.Inference.Simulator.Load;

/// <summary>Times of independent arrivals at a mean rate: the gaps are exponentially distributed.</summary>
internal sealed class PoissonArrivals(double perSecond, Random random)
{
    private double _seconds;

    /// <summary>The next arrival, from the start.</summary>
    public TimeSpan Next()
    {
        // 1 - x: NextDouble may be 0, never 1.
        _seconds += -Math.Log(1 - random.NextDouble()) / perSecond;
        return TimeSpan.FromSeconds(Math.Min(_seconds, TimeSpan.MaxValue.TotalSeconds / 2));
    }
}
