using System.Globalization;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>What stands behind a series' name and labels: its value and, sometimes, a timestamp.</summary>
internal static class SeriesValue
{
    /// <summary>Reads <c>value [timestamp_ms]</c>; NaN and infinities are values too. A missing timestamp is 0.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out double value, out long timestamp)
    {
        timestamp = 0;
        text = text.Trim(" \t\r"u8);
        var blank = text.IndexOfAny((byte)' ', (byte)'\t');
        var number = blank < 0 ? text : text[..blank];
        if (!TryReadNumber(number, out value))
        {
            return false;
        }

        return blank < 0 || long.TryParse(text[(blank + 1)..].TrimStart(" \t"u8), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out timestamp);
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, out double value)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, Style, CultureInfo.InvariantCulture, out value) || TryReadInfinity(text, out value);
    }

    /// <summary>The format's own spelling, <c>+Inf</c>, which .NET does not read.</summary>
    private static bool TryReadInfinity(ReadOnlySpan<byte> text, out double value)
    {
        value = double.PositiveInfinity;
        if (!text.IsEmpty && text[0] is (byte)'+' or (byte)'-')
        {
            value = text[0] == (byte)'-' ? double.NegativeInfinity : value;
            text = text[1..];
        }

        return System.Text.Ascii.EqualsIgnoreCase(text, "inf"u8);
    }
}
