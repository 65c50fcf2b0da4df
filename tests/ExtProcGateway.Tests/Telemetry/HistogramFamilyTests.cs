using Orleans.Inference.ExtProcGateway.Telemetry;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Tests.Telemetry;

public sealed class HistogramFamilyTests
{
    public static TheoryData<string> Histograms => [.. MetricCatalog.All.Where(metric => metric.Kind == MetricKind.Histogram).Select(metric => metric.Name)];

    [Theory]
    [MemberData(nameof(Histograms))]
    public void BucketOf_AtAndAroundEveryBound_IsTheFirstBoundNotExceeded(string name)
    {
        var definition = MetricCatalog.All.Single(metric => metric.Name == name);
        var family = new HistogramFamily(definition, MetricCatalog.FactoryOf(Metrics.NewCustomRegistry()));
        double[] values =
        [
            0, double.MaxValue, double.PositiveInfinity, -1,
            .. definition.Buckets, .. definition.Buckets.Select(Math.BitIncrement), .. definition.Buckets.Select(Math.BitDecrement),
        ];

        foreach (var value in values)
        {
            Assert.Equal(definition.Buckets.Count(bound => value > bound), family.BucketOf(value));
        }
    }

    [Theory]
    [MemberData(nameof(Histograms))]
    public async Task Tally_OfRandomValues_GivesWhatTheLibraryCountsOneByOne(string name)
    {
        var definition = MetricCatalog.All.Single(metric => metric.Name == name);
        var labels = definition.Labels.Select(label => label[..1]).ToArray();
        var registry = Metrics.NewCustomRegistry();
        var reference = Metrics.NewCustomRegistry();
        var family = new HistogramFamily(definition, MetricCatalog.FactoryOf(registry));
        var oneByOne = new HistogramFamily(definition, MetricCatalog.FactoryOf(reference));
        var tally = new HistogramTally();
        var random = new Random(1);
        for (var i = 0; i < 3000; i++)
        {
            // Many of one value at a bound are where the rounding of sums could move them.
            var bound = definition.Buckets[random.Next(definition.Buckets.Length)];
            var value = random.Next(3) switch { 0 => bound, 1 => Math.BitIncrement(bound), _ => bound * 2 * random.NextDouble() };
            tally.Observe(family, value);
            oneByOne.Add(oneByOne.BucketOf(value), 1, value, labels);
            if (i % 1000 == 0)
            {
                tally.MoveTo(family, labels);
            }
        }

        tally.Observe(family, double.NaN);
        tally.MoveTo(family, labels);
        var page = await MetricsText.OfAsync(registry);
        var expected = await MetricsText.OfAsync(reference);

        Assert.Equal(expected.Series, page.Series);
        foreach (var series in expected.Series)
        {
            Assert.Equal(expected[series], page[series], series.Contains("_sum", StringComparison.Ordinal) ? Math.Abs(expected[series] * 1e-9) : 0);
        }
    }
}
