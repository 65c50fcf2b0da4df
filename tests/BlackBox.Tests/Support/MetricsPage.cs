using System.Globalization;
using System.Text.RegularExpressions;

namespace Orleans.Inference.BlackBox.Tests.Support;

/// <summary>A page of metrics in Prometheus' text format.</summary>
public sealed partial class MetricsPage(string text)
{
    /// <summary>Sum of the samples of a name that have these labels, among others; 0 where there are none.</summary>
    public double Sum(string name, params IEnumerable<(string Name, string Value)> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var sum = 0.0;
        foreach (var line in text.Split('\n'))
        {
            if (Sample().Match(line) is { Success: true } sample
                && sample.Groups["name"].Value == name
                && labels.All(label => sample.Groups["labels"].Value.Contains($"{label.Name}=\"{label.Value}\"", StringComparison.Ordinal)))
            {
                sum += double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture);
            }
        }

        return sum;
    }

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.*)\})? (?<value>\S+)$")]
    private static partial Regex Sample();
}
