using Prometheus;

namespace Contracts.Prometheus;

/// <summary>The one registry that all share, and whose defaults can be set once in a process.</summary>
public sealed class DefaultRegistryTests
{
    [Fact]
    public async Task DefaultRegistry_WithDefaultsSuppressed_HasOnlyWhatIsMadeInIt()
    {
        Metrics.SuppressDefaultMetrics();
        Metrics.CreateCounter("contracts_total", "", "kind").WithLabels("a").Inc();
        Metrics.CreateGauge("contracts_gauge", "").Set(1);
        Metrics.CreateHistogram("contracts_histogram", "", new HistogramConfiguration { Buckets = [1] }).Observe(1);

        var text = await Page.OfAsync(Metrics.DefaultRegistry);

        Assert.Contains("\ncontracts_total{kind=\"a\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\ncontracts_gauge 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\ncontracts_histogram_count 1\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("process_", text, StringComparison.Ordinal);
        Assert.DoesNotContain("dotnet_", text, StringComparison.Ordinal);
    }
}
