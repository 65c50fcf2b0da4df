namespace Orleans.Inference.Bench.Simulation.Runs;

/// <summary>Of a set of times, in seconds: the least that is not exceeded by so many per cent of all (nearest rank). NaN where there are none.</summary>
internal readonly record struct Percentiles(double P50, double P90, double P99)
{
    public static Percentiles Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? new(double.NaN, double.NaN, double.NaN) : new(At(50), At(90), At(99));

        double At(int percent) => sorted[(int)Math.Ceiling(percent / 100.0 * sorted.Length) - 1];
    }
}
