namespace Orleans.Inference.Bench.Load.Runs;

/// <summary>One row of the tables.</summary>
/// <param name="Rate">Requests a second; 0 is flat out, 64 at once.</param>
/// <param name="Chunks">Chunks of each response, a stream of events; 0 for a response that is none.</param>
/// <param name="AtOnce">They are sent at once; else each when the one before has been answered, so that none shares its wake-up of the picker with another of its stream.</param>
internal sealed record BenchCase(int Servers, int Tokens, double Rate, int Chunks = 0, bool AtOnce = false)
{
    /// <summary>Fewest requests that a case at a low rate should have.</summary>
    private const int FewestRequests = 20;

    private const int OutputChunks = 200;

    private static readonly int[] PromptTokens = [200, 10_000];
    private static readonly double[] Rates = [100, 200, 500, 2000, 0];

    public string Name =>
        $"{Servers} servers, {TokenText} tokens, {(Rate == 0 ? "flat out" : $"{Rate:0}/s")}{(Chunks == 0 ? "" : $", {Chunks} chunks{(AtOnce ? " at once" : "")}")}";

    /// <summary>What the reference picker shows for the case, and what is aimed at: the project's table of numbers to beat.</summary>
    public (string Reference, string Goal) Published => (Servers, Tokens, Rate, Chunks, AtOnce) switch
    {
        (10, 200, 500, 0, _) => ("p50 0.5–1.1, p95 8–16, p99 14–22 ms; 90–120 MiB", "0.3 / 0.8 / 2 ms; 200 MiB"),
        (10, 200, 2000, 0, _) => ("p50 3.1, p95 24 ms", "0.4 / 1.5 ms"),
        (10, 200, 0, 0, _) => ("4,200–4,400/s; 0.33–0.38 CPU-s per 1,000", "20,000/s; 0.05 CPU-s per 1,000"),
        (100, 200, 200, 0, _) => ("p50 130–176, p95 336–358 ms", "0.4 / 1.5 ms"),
        (10, 100_000, 10, 0, _) => ("p50 12–14, p95 24–28 ms; 18–26 ms of CPU each", "2 / 4 ms; 2 ms"),
        (10, 1_000_000, 1, 0, _) => ("p50 86–100 ms; 130–160 ms of CPU each", "15 ms; 15 ms"),
        (10, 200, 100, OutputChunks, true) => ("7.7 µs of CPU a chunk", "4 µs"),
        _ => ("–", "–"),
    };

    private string TokenText => Tokens >= 1_000_000 ? $"{Tokens / 1_000_000}M" : Tokens >= 1000 ? $"{Tokens / 1000}k" : $"{Tokens}";

    /// <summary>The cases with so many model servers.</summary>
    public static IEnumerable<BenchCase> All(int servers)
    {
        if (servers > 100)
        {
            return [];
        }

        var common = PromptTokens.SelectMany(tokens => Rates.Select(rate => new BenchCase(servers, tokens, rate)));
        return servers != 10
            ? common
            :
            [
                .. common, new(10, 10_000, 50), new(10, 100_000, 10), new(10, 1_000_000, 1),
                new(10, 200, 100, OutputChunks, AtOnce: true), new(10, 200, 100, OutputChunks), new(10, 200, 0, OutputChunks),
            ];
    }

    /// <summary>How long it is measured, where others are for <paramref name="seconds"/>.</summary>
    public int Duration(int seconds) => Rate == 0 ? seconds : Math.Max(seconds, (int)Math.Ceiling(FewestRequests / Rate));
}
