using System.Globalization;

namespace Orleans.Inference.Picking.Configuration.Values;

/// <summary>Sizes as Kubernetes writes quantities: <c>4Mi</c>, <c>16M</c>, <c>1e6</c>, with a <c>B</c> at the end or without.</summary>
public static class ByteQuantity
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1L << 10),
        ("Mi", 1L << 20),
        ("Gi", 1L << 30),
        ("Ti", 1L << 40),
        ("Pi", 1L << 50),
        ("Ei", 1L << 60),
        ("m", 0.001m),
        ("k", 1e3m),
        ("M", 1e6m),
        ("G", 1e9m),
        ("T", 1e12m),
        ("P", 1e15m),
        ("E", 1e18m),
    ];

    /// <summary>False where <paramref name="text"/> is no quantity, or one beyond 64 bits. Parts of a byte are rounded up, away from zero.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var rest = text.AsSpan();
        if (rest.EndsWith("B", StringComparison.OrdinalIgnoreCase))
        {
            rest = rest[..^1];
        }

        var factor = 1m;
        foreach (var (suffix, value) in Suffixes)
        {
            if (rest.EndsWith(suffix))
            {
                rest = rest[..^suffix.Length];
                factor = value;
                break;
            }
        }

        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (rest.Length > 30 || !decimal.TryParse(rest, style, CultureInfo.InvariantCulture, out var number) || Math.Abs(number) > long.MaxValue / factor)
        {
            return false;
        }

        var exact = number * factor;
        bytes = (long)(exact < 0 ? Math.Floor(exact) : Math.Ceiling(exact));
        return true;
    }
}
