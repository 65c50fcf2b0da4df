using System.Globalization;
using System.Text;

namespace Orleans.Inference.Bench.Load.Runs;

/// <summary>The results as a page and as a file for programs.</summary>
internal static class ResultTable
{
    public static string Markdown(IReadOnlyList<BenchRow> rows, IReadOnlyList<(int Servers, double Cores, double MiB)> idle, string command)
    {
        var text = new StringBuilder();
        text.AppendLine("# The ext_proc path, end to end").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"`{command}` on {Environment.ProcessorCount} cores, which client, picker and model servers share. Each exchange has the request and the response phase; the decision is the time from");
        text.AppendLine("sending the request to the answer that names the server. The floor is a bare Kestrel HTTP/2 handler that moves the same bytes, measured in the same run. CPU of the picker");
        text.AppendLine("includes scraping the model servers (every 50 ms). «Reference» and «goal» are the project's published numbers to beat, from machines of the same kind.").AppendLine();
        text.AppendLine("| case | server | requests/s | failed | p50 ms | p95 ms | p99 ms | CPU-s per 1,000 | cores | peak MiB | reference | goal |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var row in rows)
        {
            var f = row.Figures;
            var (reference, goal) = row.Server == BenchRun.Picker ? row.Case.Published : ("", "");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Case.Name} | {row.Server} | {f.PerSecond:0} | {f.Failed} | {f.P50:0.000} | {f.P95:0.000} | {f.P99:0.000} | {row.CpuPerThousand:0.000} | {row.Cores:0.00} | {row.PeakMiB:0} | {reference} | {goal} |");
        }

        text.AppendLine().AppendLine("Idle, scraping every 50 ms:").AppendLine();
        text.AppendLine("| model servers | cores | MiB | reference | goal |").AppendLine("|---|---|---|---|---|");
        foreach (var (servers, cores, mib) in idle)
        {
            var (reference, goal) = servers switch { 10 => ("0.4–0.5 cores", "0.02"), 100 => ("1.8 cores", "0.15"), 1000 => ("can't keep up", "1.2"), _ => ("–", "–") };
            text.AppendLine(CultureInfo.InvariantCulture, $"| {servers} | {cores:0.000} | {mib:0} | {reference} | {goal} |");
        }

        return text.ToString();
    }

    public static string Csv(IReadOnlyList<BenchRow> rows)
    {
        var text = new StringBuilder("servers,tokens,rate,server,per_second,failed,p50_ms,p95_ms,p99_ms,cpu_s_per_1000,cores,peak_mib\n");
        foreach (var row in rows)
        {
            var (c, f) = (row.Case, row.Figures);
            text.AppendLine(CultureInfo.InvariantCulture, $"{c.Servers},{c.Tokens},{c.Rate},{row.Server},{f.PerSecond:0.0},{f.Failed},{f.P50:0.000},{f.P95:0.000},{f.P99:0.000},{row.CpuPerThousand:0.0000},{row.Cores:0.000},{row.PeakMiB:0}");
        }

        return text.ToString();
    }
}
