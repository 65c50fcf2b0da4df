using System.Globalization;
using System.Text;

namespace Orleans.Inference.Simulator.Load;

/// <summary>The results of a run in figures.</summary>
internal static class LoadReport
{
    public static string Format(IReadOnlyList<RequestResult> results, TimeSpan elapsed)
    {
        var text = new StringBuilder();
        var good = results.Where(result => result.Succeeded).ToList();
        var seconds = Math.Max(elapsed.TotalSeconds, double.Epsilon);
        Line($"requests        {results.Count} in {elapsed.TotalSeconds:F1} s, {results.Count / seconds:F1}/s; {good.Count} succeeded, {results.Count - good.Count} failed");
        foreach (var error in results.Where(result => !result.Succeeded).GroupBy(result => result.Error).OrderByDescending(group => group.Count()).Take(10))
        {
            Line($"  failed        {error.Count()} × {error.Key}");
        }

        Line($"                {"mean",10}{"p50",10}{"p95",10}{"p99",10}{"max",10}");
        Times("latency ms", new Distribution(good.Select(result => result.Latency.TotalMilliseconds)));
        Times("first token ms", new Distribution(good.Where(result => result.FirstToken is not null).Select(result => result.FirstToken!.Value.TotalMilliseconds)));
        var prompt = good.Sum(result => (long)result.PromptTokens);
        var cached = good.Sum(result => (long)result.CachedTokens);
        Line($"tokens          {prompt} in, {cached} of them from prefix caches ({(prompt > 0 ? 100.0 * cached / prompt : 0):F1} %), {good.Sum(result => (long)result.OutputTokens)} out");
        foreach (var server in good.GroupBy(result => result.Server).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var latency = new Distribution(server.Select(result => result.Latency.TotalMilliseconds));
            Line($"  {(server.Key.Length > 0 ? server.Key : "(unknown)"),-22}{server.Count(),8} {100.0 * server.Count() / good.Count,6:F1} %   p50 {latency.Percentile(50):F1} ms");
        }

        return text.ToString();

        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture).TrimEnd());

        void Times(string name, Distribution times) =>
            Line($"{name,-16}{times.Mean,10:F1}{times.Percentile(50),10:F1}{times.Percentile(95),10:F1}{times.Percentile(99),10:F1}{times.Max,10:F1}");
    }
}
