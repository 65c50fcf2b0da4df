using Orleans.Inference.Micro.Prefix;
using Orleans.Inference.Picking.Filters;
using Orleans.Inference.Picking.Pickers;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scorers;

namespace Orleans.Inference.Micro.Decisions;

/// <summary>The tables of bench/results/decisions.md: a decision, and its parts.</summary>
internal static class DecisionFigures
{
    private static readonly int[] Sizes = [10, 100, 1_000, 10_000];

    public static void Print()
    {
        // The first scenario would be measured while the compiler is still at work on what all have in common.
        Least.Of(new DecisionScenario(100).Decide);
        Least.Of(new DecisionScenario(10).Decide);
        Console.WriteLine("## One decision, µs\n");
        Least.Row("servers", "goal", "as in a steady pool", "prefixes of 94 lengths", "adapters that are nowhere", "loads that are all equal", "half of the servers", "allocated, bytes");
        Least.Row("--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:");
        foreach (var (servers, goal) in Sizes.Zip((int[])[2, 5, 40, 400]))
        {
            var steady = Least.Of(new DecisionScenario(servers).Decide);
            Least.Row(
                Least.Figure(servers),
                goal,
                Micros(steady.Nanoseconds),
                Micros(Least.Of(new DecisionScenario(servers) { Staggered = true }.Decide).Nanoseconds),
                Micros(Least.Of(new DecisionScenario(servers) { Adapter = "nowhere" }.Decide).Nanoseconds),
                Micros(Least.Of(new DecisionScenario(servers, equal: true).Decide).Nanoseconds),
                Micros(Least.Of(new DecisionScenario(servers) { Half = true }.Decide).Nanoseconds),
                steady.Allocated);
        }

        Console.WriteLine("\n## Its parts, µs\n");
        Least.Row([.. Sizes.Select(size => (object)Least.Figure(size)).Prepend("part")]);
        Least.Row([.. Sizes.Select(_ => (object)"--:").Prepend("---")]);
        PrintPart("estimate of the load", scenario => scenario.Estimate);
        PrintPart("match of the prefix", scenario => scenario.Match);
        PrintPart("fresh filter", scenario => scenario.Filter(new FreshFilter(TimeSpan.FromSeconds(2))));
        PrintPart("queue scorer", scenario => scenario.Score(new QueueScorer()));
        PrintPart("KV-cache scorer", scenario => scenario.Score(new KvCacheUtilizationScorer()));
        PrintPart("prefix scorer", scenario => scenario.Score(new PrefixCacheScorer()));
        PrintPart("LoRA scorer", scenario => scenario.Score(new LoraAffinityScorer()));
        PrintPart("best score", scenario => scenario.Pick(new MaxScorePicker()));
    }

    private static void PrintPart(string name, Func<DecisionScenario, Action> part) =>
        Least.Row([.. Sizes.Select(size => (object)Micros(Least.Of(part(new DecisionScenario(size))).Nanoseconds)).Prepend(name)]);

    private static string Micros(double nanoseconds) => Least.Figure(nanoseconds / 1000);
}
