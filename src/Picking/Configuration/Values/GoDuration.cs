using System.Buffers;
using System.Globalization;

namespace Orleans.Inference.Picking.Configuration.Values;

/// <summary>Durations as Go writes them: <c>50ms</c>, <c>1m30s</c>, <c>1.5h</c>, <c>0</c>.</summary>
public static class GoDuration
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>The units, longest name first where one begins another.</summary>
    private static readonly (string Name, decimal Nanoseconds)[] Units =
    [
        ("ns", 1m),
        ("us", 1_000m),
        ("µs", 1_000m),
        ("μs", 1_000m),
        ("ms", 1_000_000m),
        ("s", 1_000_000_000m),
        ("m", 60_000_000_000m),
        ("h", 3_600_000_000_000m),
    ];

    /// <summary>False where <paramref name="text"/> is no duration, or one that a <see cref="TimeSpan"/> can't hold.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
        {
            rest = rest[1..];
        }

        if (rest.SequenceEqual("0"))
        {
            return true;
        }

        if (rest.IsEmpty)
        {
            return false;
        }

        var sum = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || digits > 20 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            if (!TryTakeUnit(ref rest, out var nanoseconds))
            {
                return false;
            }

            sum += number * nanoseconds;
            if (sum > long.MaxValue)
            {
                return false;
            }
        }

        // A TimeSpan counts in 100 ns.
        value = TimeSpan.FromTicks((long)((negative ? -sum : sum) / 100m));
        return true;
    }

    /// <summary>As short as it can be written: <c>50ms</c>, <c>1m30s</c>.</summary>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
        {
            return "0";
        }

        if (value.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds:0.####}ms");
        }

        var hours = (long)value.TotalHours;
        return (hours != 0 ? $"{hours}h" : "") + (value.Minutes != 0 ? $"{value.Minutes}m" : "") + (value.Seconds != 0 ? $"{value.Seconds}s" : "");
    }

    private static bool TryTakeUnit(ref ReadOnlySpan<char> rest, out decimal nanoseconds)
    {
        foreach (var (name, length) in Units)
        {
            if (rest.StartsWith(name))
            {
                rest = rest[name.Length..];
                nanoseconds = length;
                return true;
            }
        }

        nanoseconds = 0;
        return false;
    }
}
