using System.Globalization;

namespace Orleans.Inference.Simulator.CommandLine;

/// <summary>A time as it is written on the command line: a number and a unit.</summary>
internal readonly record struct Duration(TimeSpan Value)
{
    private static readonly (string Unit, double Seconds)[] Units = [("us", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60)];

    public static bool TryParse(string text, out Duration duration)
    {
        foreach (var (unit, seconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * seconds < TimeSpan.MaxValue.TotalSeconds)
            {
                duration = new Duration(TimeSpan.FromTicks((long)Math.Round(number * seconds * TimeSpan.TicksPerSecond)));
                return true;
            }
        }

        duration = default;
        return false;
    }

    public override string ToString()
    {
        var (number, unit) = Value.TotalMilliseconds is var milliseconds && Value.TotalSeconds >= 1 ? (Value.TotalSeconds, "s")
            : milliseconds is >= 1 or 0 ? (milliseconds, "ms")
            : (Value.TotalMicroseconds, "us");
        return number.ToString(CultureInfo.InvariantCulture) + unit;
    }
}
