using System.Globalization;
using System.Text;
using Orleans.Inference.Bench.Simulation.Runs;
using Orleans.Inference.Bench.Simulation.Strategies;

namespace Orleans.Inference.Bench.Simulation.Results;

/// <summary>The figures as text: a table for people, and one for programs.</summary>
internal static class ResultTable
{
    private const string Head = "workload,rate,strategy,requests,ttft_p50,ttft_p90,ttft_p99,tpot_p50,tpot_p90,e2e_p50,e2e_p90,e2e_p99,output_tokens_per_second,hit_rate,load_variation,preemptions";

    public static string Csv(IEnumerable<RunFigures> figures)
    {
        var text = new StringBuilder(Head).Append('\n');
        foreach (var f in figures)
        {
            text.Append(CultureInfo.InvariantCulture, $"{f.Workload},{f.Rate},{f.Strategy},{f.Requests},{f.FirstToken.P50:F4},{f.FirstToken.P90:F4},{f.FirstToken.P99:F4},")
                .Append(CultureInfo.InvariantCulture, $"{f.PerToken.P50:F5},{f.PerToken.P90:F5},{f.EndToEnd.P50:F3},{f.EndToEnd.P90:F3},{f.EndToEnd.P99:F3},")
                .Append(CultureInfo.InvariantCulture, $"{f.OutputTokensPerSecond:F1},{f.HitRate:F4},{f.LoadVariation:F4},{f.Preemptions}\n");
        }

        return text.ToString();
    }

    /// <param name="how">How the figures were made, below the headline.</param>
    public static string Markdown(IReadOnlyList<RunFigures> figures, IEnumerable<StrategyDefinition> strategies, string how)
    {
        var text = new StringBuilder("# Quality of the decisions, simulated\n\n").Append(how).Append("\n\n| strategy | |\n|---|---|\n");
        foreach (var strategy in strategies)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {strategy.Name} | {strategy.Summary} |\n");
        }

        text.Append(Comparison.Markdown(figures));
        foreach (var workload in figures.GroupBy(f => f.Workload))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {workload.Key}\n\n![{workload.Key}](simulation-{workload.Key}.svg)\n\n")
                .Append("| requests/s | strategy | TTFT p50 | p90 | p99 (s) | TPOT p50 | p90 (ms) | end to end p90 (s) | output tokens/s | prefix hits | load variation | preemptions |\n")
                .Append("|---|---|---|---|---|---|---|---|---|---|---|---|\n");
            foreach (var f in workload)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {f.Rate} | {f.Strategy} | {f.FirstToken.P50:F3} | {f.FirstToken.P90:F3} | {f.FirstToken.P99:F3} | ")
                    .Append(CultureInfo.InvariantCulture, $"{f.PerToken.P50 * 1000:F1} | {f.PerToken.P90 * 1000:F1} | {f.EndToEnd.P90:F1} | {f.OutputTokensPerSecond:F0} | ")
                    .Append(CultureInfo.InvariantCulture, $"{f.HitRate * 100:F1} % | {f.LoadVariation:F3} | {f.Preemptions} |\n");
            }
        }

        return text.ToString();
    }
}
