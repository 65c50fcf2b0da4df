using System.Globalization;
using System.Text;
using Orleans.Inference.Bench.Simulation.Runs;
using Orleans.Inference.Bench.Simulation.Strategies;

namespace Orleans.Inference.Bench.Simulation.Results;

/// <summary>The default against least requests: what it has to beat.</summary>
internal static class Comparison
{
    /// <summary>A table with one line a case; empty where one of the two did not run.</summary>
    public static string Markdown(IReadOnlyList<RunFigures> figures)
    {
        var text = new StringBuilder();
        foreach (var run in figures.GroupBy(f => (f.Workload, f.Rate)))
        {
            var ours = run.FirstOrDefault(f => f.Strategy == StrategyList.Default);
            var theirs = run.FirstOrDefault(f => f.Strategy == StrategyList.LeastRequests);
            if (ours is not null && theirs is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {ours.Workload} | {ours.Rate} | {Ratio(f => f.FirstToken.P50)} | {Ratio(f => f.FirstToken.P90)} | {Ratio(f => f.FirstToken.P99)} | ")
                    .Append(CultureInfo.InvariantCulture, $"{Ratio(f => f.PerToken.P90)} | {Ratio(f => f.EndToEnd.P90)} | {Ratio(f => f.OutputTokensPerSecond)} |\n");
            }

            string Ratio(Func<RunFigures, double> figure) => (figure(ours!) / figure(theirs!)).ToString("0.000", CultureInfo.InvariantCulture);
        }

        return text.Length == 0 ? "" : $"""

            ## The default, as part of least requests

            Below 1 the default is faster; of throughput, above 1.

            | workload | requests/s | TTFT p50 | p90 | p99 | TPOT p90 | end to end p90 | output tokens/s |
            |---|---|---|---|---|---|---|---|
            {text}
            """;
    }
}
