using System.Xml.Linq;
using Orleans.Inference.Bench.Simulation.Results;
using Orleans.Inference.Bench.Simulation.Runs;

namespace Orleans.Inference.Simulation.Tests;

public sealed class ResultTests
{
    private static RunFigures Figures(double rate, string strategy, double seconds) => new()
    {
        Workload = "w",
        Rate = rate,
        Strategy = strategy,
        Requests = 7,
        FirstToken = new Percentiles(seconds, seconds * 2, seconds * 3),
        PerToken = new Percentiles(0.01, 0.02, 0.03),
        EndToEnd = new Percentiles(4, 5, 6),
        OutputTokensPerSecond = 1234.56,
        HitRate = 0.5,
        LoadVariation = 0.25,
        Preemptions = 3,
    };

    [Fact]
    public void Of_OneToAHundred_IsTheNearestRank()
    {
        Assert.Equal(new Percentiles(50, 90, 99), Percentiles.Of(Enumerable.Range(1, 100).Reverse().Select(i => (double)i)));
        Assert.Equal(new Percentiles(7, 7, 7), Percentiles.Of([7]));
    }

    [Fact]
    public void Csv_OneRun_IsOneLine()
    {
        Assert.EndsWith("\nw,2.5,s,7,0.1000,0.2000,0.3000,0.01000,0.02000,4.000,5.000,6.000,1234.6,0.5000,0.2500,3\n", ResultTable.Csv([Figures(2.5, "s", 0.1)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Comparison_BothRan_DividesTheDefaultByLeastRequests()
    {
        // 0.1 / 0.4 in all percentiles of the first token; the other figures are equal.
        Assert.Contains("| w | 2 | 0.250 | 0.250 | 0.250 | 1.000 | 1.000 | 1.000 |\n", Comparison.Markdown([Figures(2, "least-requests", 0.4), Figures(2, "default", 0.1)]), StringComparison.Ordinal);
        Assert.Empty(Comparison.Markdown([Figures(2, "least-requests", 0.4), Figures(3, "default", 0.1)]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Draw_RunsOfTwoStrategies_HasALineOrABarOfEachInEachPanel(int rates)
    {
        var figures = Enumerable.Range(1, rates).SelectMany(rate => new[] { Figures(rate, "a<b", rate), Figures(rate, "c", 0.001) }).ToArray();

        var svg = XDocument.Parse(WorkloadPlot.Draw("t", figures)).Root!;

        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.Equal(rates > 1 ? 2 * Metric.All.Count : 0, svg.Elements(ns + "polyline").Count());
        // One ground, one of each strategy in the legend, and bars where there is one rate.
        Assert.Equal(1 + 2 + (rates > 1 ? 0 : 2 * Metric.All.Count), svg.Elements(ns + "rect").Count());
        Assert.Contains(svg.Elements(ns + "text"), text => text.Value == "a<b");
    }

    [Fact]
    public void Axis_Logarithmic_HasPowersOfTenAroundTheValues()
    {
        var axis = new Axis([0.02, 30], logarithmic: true);

        Assert.Equal([0.01, 0.1, 1, 10, 100], axis.Ticks.Select(tick => Math.Round(tick, 6)));
        Assert.Equal(0.5, axis.Place(1), 9);
    }

    [Fact]
    public void Axis_Linear_BeginsAtZeroAndCoversTheValues()
    {
        var axis = new Axis([0.2, 0.83], logarithmic: false);

        Assert.Equal([0, 0.2, 0.4, 0.6, 0.8, 1], axis.Ticks.Select(tick => Math.Round(tick, 6)));
        Assert.Equal(0.83, axis.Place(0.83), 9);
    }
}
