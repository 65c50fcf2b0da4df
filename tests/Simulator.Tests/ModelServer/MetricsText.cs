using System.Globalization;
using System.Text.RegularExpressions;

namespace Orleans.Inference.Simulator.Tests.ModelServer;

/// <summary>A strict reader of the Prometheus text format, of another make than what it checks.</summary>
internal sealed partial class MetricsText
{
    public Dictionary<string, string> Types { get; } = [];

    public List<(string Name, string Labels, double Value)> Samples { get; } = [];

    public static MetricsText Parse(string text)
    {
        var page = new MetricsText();
        string? family = null;
        foreach (var line in text.Split('\n')[..^1])
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                family = line.Split(' ')[2];
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var parts = line.Split(' ');
                Assert.Equal(family, parts[2]);
                page.Types[parts[2]] = parts[3];
            }
            else
            {
                var match = SampleLine().Match(line);
                Assert.True(match.Success, line);
                var name = match.Groups["name"].Value;
                var suffix = name[family!.Length..];
                Assert.True(page.Types[family] == "histogram" ? suffix is "_bucket" or "_count" or "_sum" : suffix.Length == 0, line);
                page.Samples.Add((name, match.Groups["labels"].Value, double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)));
            }
        }

        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return page;
    }

    public double Value(string name, string label = "")
        => Samples.Single(sample => sample.Name == name && sample.Labels.Contains(label, StringComparison.Ordinal)).Value;

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>[a-z_]+="([^"\\]|\\.)*"(,[a-z_]+="([^"\\]|\\.)*")*)\})? (?<value>[-+0-9.e]+)$""")]
    private static partial Regex SampleLine();
}
