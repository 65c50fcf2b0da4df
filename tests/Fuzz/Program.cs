using System.CommandLine;
using System.Diagnostics;
using Orleans.Inference.Fuzz;
using Orleans.Inference.Fuzz.Targets;

var all = FuzzTargets.All();
var names = new Option<string[]>("--target") { Description = "Target to run; may be given several times. Without it all run, in turns.", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
names.Validators.Add(result =>
{
    foreach (var name in result.Tokens.Select(token => token.Value).Where(name => all.All(target => target.Name != name)))
    {
        result.AddError($"there is no target '{name}' (--list)");
    }
});
var seconds = new Option<double>("--seconds") { Description = "How long to go on with new inputs, after the seeds.", HelpName = "N", DefaultValueFactory = _ => 60 };
var seed = new Option<int>("--seed") { Description = "Seed of the mutations: the same seed makes the same inputs.", HelpName = "N", DefaultValueFactory = _ => 1 };
var corpus = new Option<DirectoryInfo>("--corpus")
{
    Description = "Folder with a folder of seeds for each target.",
    HelpName = "FOLDER",
    DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(AppContext.BaseDirectory, "corpus")),
};
var failures = new Option<DirectoryInfo>("--failures")
{
    Description = "Folder into which a failing input is written.",
    HelpName = "FOLDER",
    DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "fuzz-failures")),
};
var replay = new Option<FileInfo?>("--replay") { Description = "Run the one --target on this file alone.", HelpName = "FILE" };
var list = new Option<bool>("--list") { Description = "Tell the targets and what holds for each, and end." };

var command = new RootCommand("Mutation-based fuzzing of what takes bytes from outside. Ends with 0 when everything held, with 1 when something did not, with 2 when it can't run.")
{
    names, seconds, seed, corpus, failures, replay, list,
};
command.SetAction(parsed =>
{
    if (parsed.GetValue(list))
    {
        foreach (var target in all)
        {
            Console.WriteLine($"{target.Name,-20} {target.Description}");
        }

        return 0;
    }

    var chosen = parsed.GetValue(names) is { Length: > 0 } some ? [.. all.Where(target => some.Contains(target.Name))] : all;
    if (parsed.GetValue(replay) is { } file)
    {
        return Replay(chosen, file);
    }

    var runs = new List<FuzzRun>();
    foreach (var target in chosen)
    {
        var folder = new DirectoryInfo(Path.Combine(parsed.GetRequiredValue(corpus).FullName, target.Name));
        byte[][] seeds = folder.Exists ? [.. folder.GetFiles().OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(entry => File.ReadAllBytes(entry.FullName))] : [];
        if (seeds.Length == 0)
        {
            Console.Error.WriteLine($"fuzz: no seeds in {folder.FullName}");
            return 2;
        }

        runs.Add(new FuzzRun(target, seeds, parsed.GetValue(seed)));
    }

    using var watch = new FuzzWatch(runs, parsed.GetRequiredValue(failures));
    var failure = Run(runs, TimeSpan.FromSeconds(parsed.GetValue(seconds)));
    return failure is null ? 0 : Report(failure, parsed.GetRequiredValue(failures));
});
return command.Parse(args).Invoke();

// Targets take turns, so that each gets its share however long all of it goes on.
static FuzzFailure? Run(List<FuzzRun> runs, TimeSpan length)
{
    const int Turn = 500;
    foreach (var run in runs)
    {
        if (run.TrySeeds() is { } failure)
        {
            return failure;
        }
    }

    var shares = runs.ToDictionary(run => run, _ => TimeSpan.Zero);
    var started = Stopwatch.StartNew();
    var told = TimeSpan.Zero;
    while (started.Elapsed < length)
    {
        // The one that has had the least time is next.
        var run = shares.MinBy(share => share.Value).Key;
        var before = started.Elapsed;
        if (run.TryNext(Turn) is { } failure)
        {
            return failure;
        }

        shares[run] += started.Elapsed - before;
        if (started.Elapsed - told > TimeSpan.FromSeconds(10))
        {
            told = started.Elapsed;
            Tell(shares, told);
        }
    }

    Tell(shares, started.Elapsed);
    foreach (var (run, _) in shares)
    {
        Console.WriteLine($"{run.Name,-20} {run.Inputs,12:N0} inputs  {100.0 * run.Accepted / Math.Max(1, run.Inputs),3:F0} % accepted");
    }

    Console.WriteLine("Everything held.");
    return null;
}

static void Tell(Dictionary<FuzzRun, TimeSpan> shares, TimeSpan elapsed)
{
    var (inputs, accepted) = (shares.Keys.Sum(run => run.Inputs), shares.Keys.Sum(run => run.Accepted));
    Console.WriteLine($"{elapsed.TotalSeconds,6:F0} s  {inputs,12:N0} inputs  {inputs / elapsed.TotalSeconds,9:N0}/s  {100.0 * accepted / Math.Max(1, inputs),3:F0} % accepted");
}

static int Report(FuzzFailure failure, DirectoryInfo folder)
{
    var shrunk = failure.Shrunk();
    folder.Create();
    var path = Path.Combine(folder.FullName, $"{failure.Target.Name}-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(shrunk.Input))[..12]}");
    File.WriteAllBytes(path, shrunk.Input);
    File.WriteAllBytes(path + ".whole", failure.Input);
    Console.WriteLine($"{failure.Target.Name} failed on {shrunk.Input.Length} bytes (of {failure.Input.Length}), written to {path}");
    Console.WriteLine(shrunk.Fault);
    return 1;
}

static int Replay(IReadOnlyList<IFuzzTarget> targets, FileInfo file)
{
    if (targets.Count != 1 || !file.Exists)
    {
        Console.Error.WriteLine("fuzz: --replay needs one --target and a file that exists");
        return 2;
    }

    var fault = FuzzRun.Fault(targets[0], File.ReadAllBytes(file.FullName));
    Console.WriteLine(fault ?? "Everything held.");
    return fault is null ? 0 : 1;
}
