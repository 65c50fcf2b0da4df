namespace Orleans.Inference.Bench.Simulation.Workloads;

/// <summary>Workloads that differ in their rate only.</summary>
/// <param name="Name">In tables and on the command line.</param>
/// <param name="Summary">What it is, in one sentence.</param>
/// <param name="Create">Makes them, one for each rate, from the measured time (null: the family's own) and the seed.</param>
internal sealed record WorkloadFamily(string Name, string Summary, Func<TimeSpan?, int, IEnumerable<Workload>> Create)
{
    /// <summary>Those that need no file.</summary>
    public static readonly IReadOnlyList<WorkloadFamily> Generated =
    [
        new("shared-prefix", "150 groups x 5 prompts, 6,000 shared and 1,200 own tokens, 1,000 out, Poisson", (time, seed) => SharedPrefixWorkload.Rates.Select(rate => SharedPrefixWorkload.Create(rate, time, seed))),
        new("conversations", "turns that repeat all before them, 12,000 tokens in the mean, two minutes apart", (time, seed) => [ConversationWorkload.Create(time, seed)]),
        new("multi-lora", "15 adapters on servers with 3 slots, 60/30/10 % of the requests, Poisson", (time, seed) => LoraWorkload.Rates.Select(rate => LoraWorkload.Create(rate, time, seed))),
        new("lora-and-base", "the same adapters, with half of the requests to the base model", (time, seed) => LoraWorkload.Rates.Select(rate => LoraWorkload.Create(rate, time, seed, baseShare: 0.5))),
        new("unrelated", "prompts that share nothing, 2,000 tokens in the mean with a long tail, Poisson", (time, seed) => UnrelatedWorkload.Rates.Select(rate => UnrelatedWorkload.Create(rate, time, seed))),
    ];

    /// <summary>A recorded trace.</summary>
    public static WorkloadFamily Trace(string path) => new("trace", path, (time, _) => [TraceWorkload.Load(path, time)]);
}
