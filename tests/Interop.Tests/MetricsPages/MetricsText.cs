using System.Globalization;

namespace Orleans.Inference.Interop.Tests.MetricsPages;

/// <summary>Reads a page in Prometheus' text format.</summary>
internal static class MetricsText
{
    /// <summary>Sum of all samples of a name, whatever their labels; 0 where there are none.</summary>
    public static double Sum(string page, string name) =>
        page.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is '{' or ' ')
            .Sum(line => double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
}
