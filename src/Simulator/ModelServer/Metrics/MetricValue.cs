using System.Globalization;

namespace Orleans.Inference.Simulator.ModelServer.Metrics;

/// <summary>Numbers and labels as Python's prometheus_client writes them.</summary>
internal static class MetricValue
{
    /// <summary>Python's <c>repr</c>, but from a million on in the style of Go, with an exponent that begins with 0 whatever its size.</summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "+Inf" : "-Inf";
        }

        if (value == Math.Floor(value) && Math.Abs(value) < 1e6)
        {
            return ((long)value).ToString(CultureInfo.InvariantCulture) + ".0";
        }

        if (value is >= 1e6 and < 1e16)
        {
            var digits = value.ToString("F99", CultureInfo.InvariantCulture).TrimEnd('0').TrimEnd('.');
            digits = value.ToString("R", CultureInfo.InvariantCulture) is { } shortest && !shortest.Contains('E') ? shortest : digits;
            var dot = digits.IndexOf('.');
            var whole = dot < 0 ? digits.Length : dot;
            var mantissa = $"{digits[0]}.{digits[1..whole]}{(dot < 0 ? "" : digits[(dot + 1)..])}".TrimEnd('0', '.');
            return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e+0{whole - 1}");
        }

        return value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
    }

    /// <summary>A label's value between its quotes.</summary>
    public static string Escape(string value)
    {
        return value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
    }
}
