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

        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        if (value < 1e6 || shortest.Contains('E'))
        {
            return shortest.Replace('E', 'e');
        }

        var dot = shortest.IndexOf('.');
        var (whole, fraction) = dot < 0 ? (shortest, "") : (shortest[..dot], shortest[(dot + 1)..]);
        return string.Create(CultureInfo.InvariantCulture, $"{$"{whole[0]}.{whole[1..]}{fraction}".TrimEnd('0', '.')}e+0{whole.Length - 1}");
    }

    /// <summary>A label's value between its quotes.</summary>
    public static string Escape(string value)
    {
        return value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
    }
}
