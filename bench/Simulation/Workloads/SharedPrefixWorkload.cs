namespace Orleans.Inference.Bench.Simulation.Workloads;

/// <summary>
/// Prompts in 150 groups of 5: 6,000 tokens that a group shares, 1,200 of its own; 1,000 tokens of answer; Poisson arrivals. The 150 shared prefixes are three times what one
/// server's cache holds, and a third of what eight hold together.
/// </summary>
internal static class SharedPrefixWorkload
{
    private const int Groups = 150;
    private const int PromptsPerGroup = 5;
    private const int SharedTokens = 6_000;
    private const int OwnTokens = 1_200;
    private const int OutputTokens = 1_000;

    /// <summary>Requests that come before those that are measured: each prompt once, on average.</summary>
    private const int WarmUpRequests = Groups * PromptsPerGroup;

    /// <summary>Arrivals in a second, from nearly idle to where only a cache that is hit keeps up.</summary>
    public static readonly double[] Rates = [3, 10, 20, 30, 40, 50, 60];

    public static Workload Create(double rate, TimeSpan? time, int seed)
    {
        var random = new Random(seed);
        var warmUp = TimeSpan.FromSeconds(WarmUpRequests / rate);
        var end = warmUp + (time ?? TimeSpan.FromSeconds(60));
        var requests = new List<SimulatedRequest>();
        var at = random.Gap(rate);
        while (at < end)
        {
            var group = random.Next(Groups);
            var prompt = (group * PromptsPerGroup) + random.Next(PromptsPerGroup);
            requests.Add(new SimulatedRequest(
                requests.Count,
                at,
                [new Piece(group, SharedTokens), new Piece(Groups + prompt, OwnTokens)],
                new Piece(1_000_000L + requests.Count, OutputTokens)));
            at += random.Gap(rate);
        }

        return new Workload { Name = "shared-prefix", Rate = rate, Requests = requests, WarmUp = warmUp };
    }
}
