namespace Orleans.Inference.Bench.Simulation.Workloads;

/// <summary>
/// Prompts that share nothing: 2,000 tokens in the mean, answers of 300, both log-normal with a long tail. Poisson arrivals. Nothing but the load tells the servers apart, so whatever beats
/// least requests here does so by knowing the load better.
/// </summary>
internal static class UnrelatedWorkload
{
    private const double MeanInput = 2_000;
    private const double MeanOutput = 300;
    private const double Sigma = 1.2;

    /// <summary>Arrivals in a second; eight servers compute some 160,000 prompt tokens a second at most.</summary>
    public static readonly double[] Rates = [10, 30, 50];

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);

    public static Workload Create(double rate, TimeSpan? time, int seed)
    {
        var random = new Random(seed);
        var end = WarmUp + (time ?? TimeSpan.FromSeconds(120));
        var requests = new List<SimulatedRequest>();
        for (var at = random.Gap(rate); at < end; at += random.Gap(rate))
        {
            var input = random.LogNormal(MeanInput, Sigma, 1, 60_000);
            var output = random.LogNormal(MeanOutput, Sigma, 1, 4_000);
            requests.Add(new SimulatedRequest(requests.Count, at, [new Piece(requests.Count * 2L, input)], new Piece((requests.Count * 2L) + 1, output)));
        }

        return new Workload { Name = "unrelated", Rate = rate, Requests = requests, WarmUp = WarmUp };
    }
}
