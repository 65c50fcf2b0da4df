using System.Globalization;
using System.Text;

namespace Orleans.Inference.Bench.Load.Runs;

/// <summary>The results as a page and as a file for programs.</summary>
internal static class ResultTable
{
    public static string Markdown(
        IReadOnlyList<BenchRow> rows, IReadOnlyList<OpenStreamsRow> open, IReadOnlyList<IdleRow> idle, string command)
    {
        var text = new StringBuilder();
        text.AppendLine("# The ext_proc path, end to end").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"`{command}` on {Environment.ProcessorCount} cores, which client, picker and model servers share. Each exchange has the request and the response phase; the decision is the time from");
        text.AppendLine("sending the request to the answer that names the server. The floor is a bare Kestrel HTTP/2 handler that moves the same bytes, measured in the same run. CPU of the picker");
        text.AppendLine("includes scraping the model servers (every 50 ms) but where it is said to be above idle. Memory is resident memory, at the end of a case and at its peak during it.");
        text.AppendLine("«Reference» and «goal» are the project's published numbers to beat, from machines of the same kind.").AppendLine();
        AppendRequests(text, rows);
        AppendChunks(text, [.. rows.Where(row => row.Case.Chunks > 0)]);
        AppendOpen(text, open);
        AppendIdle(text, idle);
        return text.ToString();
    }

    public static string Csv(IReadOnlyList<BenchRow> rows)
    {
        var text = new StringBuilder(
            "servers,tokens,rate,chunks,server,per_second,failed,p50_ms,p95_ms,p99_ms,cpu_s_per_1000,cpu_ms_each_above_idle,cores,resident_mib,peak_mib,chunks_per_second,cpu_us_a_chunk_above_idle,chunk_p50_ms,chunk_p95_ms\n");
        foreach (var row in rows)
        {
            var (c, f) = (row.Case, row.Figures);
            text.Append(CultureInfo.InvariantCulture, $"{c.Servers},{c.Tokens},{c.Rate},{c.Chunks},{row.Server},{f.PerSecond:0.0},{f.Failed},{f.P50:0.000},{f.P95:0.000},{f.P99:0.000},{row.CpuPerThousand:0.0000},");
            text.Append(CultureInfo.InvariantCulture, $"{row.CpuEachAboveIdle:0.0000},{row.Cores:0.000},{row.ResidentMiB:0},{row.PeakMiB:0},{f.Chunks / row.Seconds:0},{row.CpuAChunkAboveIdle:0.00},{f.ChunkP50:0.000},{f.ChunkP95:0.000}\n");
        }

        return text.ToString();
    }

    private static void AppendRequests(StringBuilder text, IReadOnlyList<BenchRow> rows)
    {
        text.AppendLine("| case | server | requests/s | failed | p50 ms | p95 ms | p99 ms | CPU-s per 1,000 | CPU ms each, above idle | cores | MiB | peak MiB | reference | goal |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var row in rows)
        {
            var f = row.Figures;
            var (reference, goal) = row.Server == BenchRun.Picker ? row.Case.Published : ("", "");
            text.Append(CultureInfo.InvariantCulture, $"| {row.Case.Name} | {row.Server} | {f.PerSecond:0} | {f.Failed} | {f.P50:0.000} | {f.P95:0.000} | {f.P99:0.000} | {row.CpuPerThousand:0.000} | {row.CpuEachAboveIdle:0.000} ");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Cores:0.00} | {row.ResidentMiB:0} | {row.PeakMiB:0} | {reference} | {goal} |");
        }

        text.AppendLine();
    }

    private static void AppendChunks(StringBuilder text, IReadOnlyList<BenchRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        text.AppendLine("Chunks of the streamed responses among these, sent at once or each when the one before has been answered. A chunk's CPU has its share of all else of the stream in it; its time is from its sending to its answer:").AppendLine();
        text.AppendLine("| case | streams/s | chunks/s | CPU µs a chunk, above idle | p50 ms | p95 ms | reference | goal |").AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (var row in rows)
        {
            var f = row.Figures;
            var (reference, goal) = row.Case.Published;
            text.Append(CultureInfo.InvariantCulture, $"| {row.Case.Name} | {f.PerSecond:0} | {f.Chunks / row.Seconds:0} | {row.CpuAChunkAboveIdle:0.00} ");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {f.ChunkP50:0.000} | {f.ChunkP95:0.000} | {reference} | {goal} |");
        }

        text.AppendLine();
    }

    private static void AppendOpen(StringBuilder text, IReadOnlyList<OpenStreamsRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        text.AppendLine("Streams that are open at once, picked and waiting for their response:").AppendLine();
        text.AppendLine("| streams | failed | MiB before | MiB while they wait | MiB after | KiB each |").AppendLine("|---|---|---|---|---|---|");
        foreach (var row in rows)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Streams} | {row.Failed} | {row.BeforeMiB:0} | {row.WhileOpenMiB:0} | {row.AfterMiB:0} | {row.KiBEach:0.0} |");
        }

        text.AppendLine();
    }

    private static void AppendIdle(StringBuilder text, IReadOnlyList<IdleRow> idle)
    {
        text.AppendLine("Idle, scraping every 50 ms, beginning 6 s after the start and again after the other cases, or after 20 s more. In the first seconds the runtime compiles what runs often:").AppendLine();
        text.AppendLine("| model servers | cores at first | cores later | MiB | reference | goal |").AppendLine("|---|---|---|---|---|---|");
        foreach (var row in idle)
        {
            var (reference, goal) = row.Servers switch { 10 => ("0.4–0.5 cores", "0.02"), 100 => ("1.8 cores", "0.15"), 1000 => ("can't keep up", "1.2"), _ => ("–", "–") };
            text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Servers} | {row.FirstCores:0.000} | {row.LaterCores:0.000} | {row.MiB:0} | {reference} | {goal} |");
        }
    }
}
