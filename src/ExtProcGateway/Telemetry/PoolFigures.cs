using Orleans.Inference.Picking;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>The load of a pool's model servers in figures: mean and sample standard deviation over those whose figures are fresh, rounded to two decimals.</summary>
/// <param name="Fresh">Number of model servers with fresh figures; the others are 0 where it is 0.</param>
internal readonly record struct PoolFigures(
    int Fresh,
    double KvUsage,
    double Queued,
    double Running,
    double KvUsageDeviation,
    double QueuedDeviation,
    double RunningDeviation)
{
    /// <summary>Computes them in two passes over the view's columns; no allocation.</summary>
    /// <param name="oldest">Figures from this time on are fresh, in the milliseconds of <see cref="PoolView.SampledAt"/>.</param>
    public static PoolFigures Of(PoolView view, long oldest)
    {
        ArgumentNullException.ThrowIfNull(view);
        var sampledAt = view.SampledAt;
        var fresh = 0;
        double kvUsage = 0, queued = 0, running = 0;
        for (var i = 0; i < sampledAt.Length; i++)
        {
            if (sampledAt[i] >= oldest)
            {
                fresh++;
                kvUsage += view.KvUsage[i];
                queued += view.Queued[i];
                running += view.Running[i];
            }
        }

        if (fresh == 0)
        {
            return default;
        }

        kvUsage /= fresh;
        queued /= fresh;
        running /= fresh;
        double kvSquares = 0, queuedSquares = 0, runningSquares = 0;
        for (var i = 0; i < sampledAt.Length; i++)
        {
            if (sampledAt[i] >= oldest)
            {
                kvSquares += Square(view.KvUsage[i] - kvUsage);
                queuedSquares += Square(view.Queued[i] - queued);
                runningSquares += Square(view.Running[i] - running);
            }
        }

        var degrees = Math.Max(1, fresh - 1);
        return new(
            fresh,
            Round(kvUsage),
            Round(queued),
            Round(running),
            Round(Math.Sqrt(kvSquares / degrees)),
            Round(Math.Sqrt(queuedSquares / degrees)),
            Round(Math.Sqrt(runningSquares / degrees)));
    }

    private static double Square(double value) => value * value;

    private static double Round(double value) => Math.Round(value, 2, MidpointRounding.AwayFromZero);
}
