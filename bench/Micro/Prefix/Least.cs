using System.Diagnostics;
using System.Globalization;

namespace Orleans.Inference.Micro.Prefix;

/// <summary>Times of the fastest of many short rounds: what the code costs, on a machine that others use at the same time.</summary>
internal static class Least
{
    private const int Rounds = 200;
    private static readonly TimeSpan _round = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan _warmUp = TimeSpan.FromMilliseconds(500);

    /// <summary>Nanoseconds and allocated bytes of one call.</summary>
    public static (double Nanoseconds, long Allocated) Of(Action action)
    {
        // Long enough for the compiler's tiers.
        var begin = Stopwatch.GetTimestamp();
        var calls = 0;
        while (Stopwatch.GetElapsedTime(begin) < _warmUp)
        {
            action();
            calls++;
        }

        calls = (int)Math.Clamp(calls * (_round / _warmUp), 1, 1_000_000);
        var (nanoseconds, allocated) = (double.MaxValue, long.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            begin = Stopwatch.GetTimestamp();
            for (var i = 0; i < calls; i++)
            {
                action();
            }

            nanoseconds = Math.Min(nanoseconds, Stopwatch.GetElapsedTime(begin).TotalNanoseconds / calls);
            allocated = Math.Min(allocated, (GC.GetAllocatedBytesForCurrentThread() - before) / calls);
        }

        return (nanoseconds, allocated);
    }

    /// <summary>A row of a table.</summary>
    public static void Row(params object[] cells) => Console.WriteLine("| " + string.Join(" | ", cells.Select(c => string.Format(CultureInfo.InvariantCulture, "{0}", c))) + " |");

    /// <summary>A figure for a table.</summary>
    public static string Figure(double value, string format = "#,##0.##") => value.ToString(format, CultureInfo.InvariantCulture);
}
