using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Orleans.Inference.Bench.Simulation.Results;
using Orleans.Inference.Bench.Simulation.Runs;
using Orleans.Inference.Bench.Simulation.Strategies;
using Orleans.Inference.Bench.Simulation.Workloads;

namespace Orleans.Inference.Bench.Simulation;

/// <summary>The command line.</summary>
internal static class SimulationCommand
{
    private const string AllWorkloads = "all";

    private static readonly Option<string[]> WorkloadNames = new("--workload")
    {
        Description = $"A workload, repeatable; '{AllWorkloads}' for those that need no file, 'none' for traces alone.\n{List(WorkloadFamily.Generated.Select(w => (w.Name, w.Summary)))}",
        DefaultValueFactory = _ => [AllWorkloads],
    };

    private static readonly Option<string[]> StrategyNames = new("--strategy")
    {
        Description = $"A strategy, repeatable; all without it.\n{List(StrategyList.All.Select(s => (s.Name, s.Summary)))}",
    };

    private static readonly Option<string[]> Configurations = new("--config") { Description = "A file with an EndpointPickerConfig that is a further strategy, repeatable; the file's name is its name." };
    private static readonly Option<string[]> Traces = new("--trace") { Description = "A file with a recorded trace that is a further workload, repeatable: a JSON object a line with timestamp (ms), input_length, output_length, hash_ids (one for each 512 tokens); .gz is unpacked." };
    private static readonly Option<int?> Seconds = new("--seconds") { Description = "Measured simulated time of each run, and where traces are cut off. Without it each workload has its own: 60 s, unrelated 120 s, conversations 900 s, traces their whole length." };
    private static readonly Option<int> Seed = new("--seed") { Description = "Seed of workloads and strategies: the same seed gives the same results.", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> Output = new("--output") { Description = "Folder for simulation.md, simulation.csv and simulation-<workload>.svg.", DefaultValueFactory = _ => Path.Combine("bench", "results") };

    public static RootCommand Create()
    {
        StrategyNames.AcceptOnlyFromAmong([.. StrategyList.All.Select(s => s.Name)]);
        WorkloadNames.AcceptOnlyFromAmong([AllWorkloads, "none", .. WorkloadFamily.Generated.Select(w => w.Name)]);
        Seconds.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var seconds) && seconds < 1)
            {
                result.AddError("--seconds must be at least 1.");
            }
        });
        var command = new RootCommand("Simulates workloads under several ways of choosing a model server, in simulated time, and writes what they came to. All of it takes some minutes of one core.")
        {
            WorkloadNames, StrategyNames, Configurations, Traces, Seconds, Seed, Output,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        try
        {
            var strategies = Strategies(arguments);
            var time = arguments.GetValue(Seconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
            var seed = arguments.GetValue(Seed);
            var figures = new List<RunFigures>();
            foreach (var workload in Families(arguments).SelectMany(family => family.Create(time, seed)))
            {
                figures.AddRange(strategies.Select(strategy => Run(workload, strategy, seed)));
            }

            Write(arguments.GetRequiredValue(Output), figures, strategies, seed);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static RunFigures Run(Workload workload, StrategyDefinition strategy, int seed)
    {
        var started = Stopwatch.GetTimestamp();
        var figures = new SimulationRun(workload, strategy.Create(new Random(seed), workload.Servers)).Run().Figures(strategy.Name);
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{workload.Name} {workload.Rate}/s, {strategy.Name}: TTFT p50 {figures.FirstToken.P50:F3} p90 {figures.FirstToken.P90:F3} p99 {figures.FirstToken.P99:F3} s, {figures.OutputTokensPerSecond:F0} tokens/s, {figures.HitRate:P1} hits, load variation {figures.LoadVariation:F3} ({Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s)"));
        return figures;
    }

    private static List<StrategyDefinition> Strategies(ParseResult arguments)
    {
        var names = arguments.GetValue(StrategyNames) ?? [];
        var files = arguments.GetValue(Configurations) ?? [];
        return
        [
            .. StrategyList.All.Where(strategy => names.Length == 0 || names.Contains(strategy.Name)),
            .. files.Select(file => StrategyList.Configured(Path.GetFileNameWithoutExtension(file), file, File.ReadAllText(file))),
        ];
    }

    private static IEnumerable<WorkloadFamily> Families(ParseResult arguments)
    {
        var names = arguments.GetRequiredValue(WorkloadNames);
        return WorkloadFamily.Generated.Where(family => names.Contains(AllWorkloads) || names.Contains(family.Name))
            .Concat((arguments.GetValue(Traces) ?? []).Select(WorkloadFamily.Trace));
    }

    private static void Write(string folder, IReadOnlyList<RunFigures> figures, IReadOnlyList<StrategyDefinition> strategies, int seed)
    {
        var how = $"""
            A discrete-event simulation with seed {seed}; made by `dotnet run -c Release --project bench/Simulation` (`--help` tells the rest; traces are given by `--trace FILE`). Eight model servers of the
            simulator's engine with its default speeds and 307,328 tokens of KV cache each; the picker is the product's own code on figures as they would reach it: told by the engine at the end of a step,
            scraped every 50 ms, sent in frames. Figures are of requests after the warm-up; throughput counts until the last answer, so a backlog lowers it.
            """;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "simulation.csv"), ResultTable.Csv(figures));
        File.WriteAllText(Path.Combine(folder, "simulation.md"), ResultTable.Markdown(figures, strategies, how));
        foreach (var workload in figures.GroupBy(f => f.Workload))
        {
            File.WriteAllText(Path.Combine(folder, $"simulation-{workload.Key}.svg"), WorkloadPlot.Draw(workload.Key, [.. workload]));
        }
    }

    private static string List(IEnumerable<(string Name, string Summary)> entries) => string.Join('\n', entries.Select(entry => $"{entry.Name}: {entry.Summary}"));
}
