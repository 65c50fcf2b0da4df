using System.Globalization;
using System.Text;
using Orleans.Inference.TestKit;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Tests.Telemetry;

/// <summary>A registry's page, read.</summary>
internal sealed class MetricsText
{
    private readonly Dictionary<string, double> _series = new(StringComparer.Ordinal);

    private MetricsText(string text)
    {
        Text = text;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#'))
        {
            var space = line.LastIndexOf(' ');
            _series.Add(line[..space], double.Parse(line[(space + 1)..], CultureInfo.InvariantCulture));
        }
    }

    public string Text { get; }

    public IEnumerable<string> Series => _series.Keys;

    /// <summary>The value of a series, by its name and labels as the page has them; fails where there is none.</summary>
    public double this[string series] => _series.TryGetValue(series, out var value) ? value : throw new KeyNotFoundException($"{series} is not in\n{Text}");

    public bool Has(string series) => _series.ContainsKey(series);

    public bool HasFamily(string name) => _series.Keys.Any(series => series == name || series.StartsWith(name + "{", StringComparison.Ordinal));

    public static async Task<MetricsText> OfAsync(CollectorRegistry registry)
    {
        using var page = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(page).WaitAsync(Bounds.Wait);
        return new(Encoding.UTF8.GetString(page.ToArray()));
    }
}
