namespace Orleans.Inference.Bench.Simulation.Workloads;

/// <summary>
/// 15 LoRA adapters on servers with 3 slots: five get 60 % of the requests, five 30 %, five 10 %. Decode-heavy: prompts of 300 tokens in the mean, answers of 500, both log-normal; nothing
/// is shared between prompts. Poisson arrivals.
/// </summary>
internal static class LoraWorkload
{
    private const int AdaptersOfEachKind = 5;
    private const double MeanInput = 300;
    private const double MeanOutput = 500;
    private const double Sigma = 0.8;

    /// <summary>Arrivals in a second; eight servers give some 140 such answers a second at most.</summary>
    public static readonly double[] Rates = [20, 60, 100, 120];

    private static readonly double[] Shares = [0.6, 0.3, 0.1];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);

    /// <param name="baseShare">Part of the requests that ask for the base model instead, 0 to 1.</param>
    public static Workload Create(double rate, TimeSpan? time, int seed, double baseShare = 0)
    {
        var random = new Random(seed);
        var end = WarmUp + (time ?? TimeSpan.FromSeconds(60));
        var requests = new List<SimulatedRequest>();
        for (var at = random.Gap(rate); at < end; at += random.Gap(rate))
        {
            var input = random.LogNormal(MeanInput, Sigma, 1, 8_000);
            var output = random.LogNormal(MeanOutput, Sigma, 1, 4_000);
            requests.Add(new SimulatedRequest(
                requests.Count, at, [new Piece(requests.Count * 2L, input)], new Piece((requests.Count * 2L) + 1, output),
                random.NextDouble() < baseShare ? null : $"adapter-{Adapter(random):D2}"));
        }

        return new Workload { Name = baseShare > 0 ? "lora-and-base" : "multi-lora", Rate = rate, Requests = requests, WarmUp = WarmUp, Engine = Workload.DefaultEngine with { AdapterSlots = 3 } };
    }

    private static int Adapter(Random random)
    {
        var kind = 0;
        for (var left = random.NextDouble(); kind < Shares.Length - 1 && left >= Shares[kind]; kind++)
        {
            left -= Shares[kind];
        }

        return (kind * AdaptersOfEachKind) + random.Next(AdaptersOfEachKind);
    }
}
