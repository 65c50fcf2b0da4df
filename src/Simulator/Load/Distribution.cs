namespace Orleans.Inference.Simulator.Load;

/// <summary>Figures of a set of measurements.</summary>
internal sealed class Distribution
{
    private readonly double[] _sorted;

    public Distribution(IEnumerable<double> values)
    {
        _sorted = [.. values];
        Array.Sort(_sorted);
    }

    public int Count => _sorted.Length;

    /// <summary>NaN where there are none.</summary>
    public double Mean => _sorted.Length > 0 ? _sorted.Average() : double.NaN;

    public double Max => _sorted.Length > 0 ? _sorted[^1] : double.NaN;

    /// <summary>The least value that is not exceeded by <paramref name="percent"/> per cent of all (nearest rank); NaN where there are none.</summary>
    public double Percentile(double percent)
    {
        if (_sorted.Length == 0)
        {
            return double.NaN;
        }

        var rank = (int)Math.Ceiling(percent / 100 * _sorted.Length);
        return _sorted[Math.Clamp(rank, 1, _sorted.Length) - 1];
    }
}
