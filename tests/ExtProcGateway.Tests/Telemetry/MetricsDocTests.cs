using System.Globalization;
using System.Text;
using Orleans.Inference.ExtProcGateway.Telemetry;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Telemetry;

/// <summary>docs/metrics.md says what the catalog has.</summary>
public sealed class MetricsDocTests
{
    private static readonly string Doc = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "metrics.md"));

    [Fact]
    public void Table_OfTheDoc_IsTheCatalogs()
    {
        var table = new StringBuilder("| metric | older name | kind | labels | meaning |\n|---|---|---|---|---|\n");
        foreach (var metric in MetricCatalog.All)
        {
            table.Append(CultureInfo.InvariantCulture, $"| `{metric.Name}` | {OlderOf(metric)} | {metric.Kind.ToString().ToLowerInvariant()} | {Code(metric.Labels)} | {metric.Meaning} |\n");
        }

        Assert.Contains(table.ToString(), Doc, StringComparison.Ordinal);
    }

    [Fact]
    public void Buckets_OfTheDoc_AreTheCatalogs()
    {
        var table = new StringBuilder("| metrics | buckets |\n|---|---|\n");
        foreach (var same in MetricCatalog.All.Where(metric => metric.Kind == MetricKind.Histogram).GroupBy(metric => string.Join(", ", metric.Buckets.Select(bound => bound.ToString(CultureInfo.InvariantCulture)))))
        {
            table.Append(CultureInfo.InvariantCulture, $"| {Code(same.Select(metric => metric.Name["llm_d_epp_".Length..]))} | {same.Key} |\n");
        }

        Assert.Contains(table.ToString(), Doc, StringComparison.Ordinal);
    }

    private static string OlderOf(MetricDefinition metric)
    {
        if (metric.Older is not { } older)
        {
            return "";
        }

        return older.Labels.SequenceEqual(metric.Labels) ? $"`{older.Name}`" : $"`{older.Name}` by {(older.Labels.Length == 0 ? "none" : Code(older.Labels))}";
    }

    private static string Code(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));
}
