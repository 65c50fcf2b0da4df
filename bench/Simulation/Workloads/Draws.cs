namespace Orleans.Inference.Bench.Simulation.Workloads;

/// <summary>Random figures with the distributions that requests have.</summary>
internal static class Draws
{
    /// <summary>The gap to the next of independent arrivals, exponentially distributed.</summary>
    public static TimeSpan Gap(this Random random, double perSecond) => TimeSpan.FromSeconds(random.Exponential() / perSecond);

    /// <summary>A length with a log-normal distribution, within bounds.</summary>
    /// <param name="mean">Of the distribution before it is bounded.</param>
    /// <param name="sigma">Standard deviation of the logarithm.</param>
    public static int LogNormal(this Random random, double mean, double sigma, int least, int most)
    {
        // Box and Muller's normal variable.
        var normal = Math.Sqrt(2 * random.Exponential()) * Math.Cos(2 * Math.PI * random.NextDouble());
        var value = mean * Math.Exp((sigma * normal) - (sigma * sigma / 2));
        return (int)Math.Clamp(Math.Round(value), least, most);
    }

    /// <summary>An exponentially distributed variable with mean 1.</summary>
    public static double Exponential(this Random random) => -Math.Log(1 - random.NextDouble());
}
