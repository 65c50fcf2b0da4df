namespace Orleans.Inference.Bench.Load.Runs;

/// <summary>One row of the table.</summary>
/// <param name="Rate">Requests a second; 0 is flat out, 64 at once.</param>
internal sealed record BenchCase(int Servers, int Tokens, double Rate)
{
    public string Name => $"{Servers} servers, {(Tokens >= 1000 ? $"{Tokens / 1000}k" : Tokens)} tokens, {(Rate == 0 ? "flat out" : $"{Rate:0}/s")}";

    /// <summary>What the reference picker shows for the case, and what is aimed at: the project's table of numbers to beat.</summary>
    public (string Reference, string Goal) Published => (Servers, Tokens, Rate) switch
    {
        (10, 200, 500) => ("p50 0.5–1.1, p95 8–16, p99 14–22 ms; 90–120 MiB", "0.3 / 0.8 / 2 ms; 200 MiB"),
        (10, 200, 2000) => ("p50 3.1, p95 24 ms", "0.4 / 1.5 ms"),
        (10, 200, 0) => ("4,200–4,400/s; 0.33–0.38 CPU-s per 1,000", "20,000/s; 0.05 CPU-s per 1,000"),
        (100, 200, 200) => ("p50 130–176, p95 336–358 ms", "0.4 / 1.5 ms"),
        _ => ("–", "–"),
    };
}
