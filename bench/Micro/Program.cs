using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Orleans.Inference.Micro.Decisions;
using Orleans.Inference.Micro.Prefix;

if (args is ["prefix"])
{
    PrefixFigures.Print();
    return;
}

if (args is ["decisions"])
{
    DecisionFigures.Print();
    return;
}

if (args is ["prompts"])
{
    PromptFigures.Print();
    return;
}

// In process: the generated projects of the default toolchain would have to find this repository's package swap.
var config = ManualConfig.CreateEmpty()
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddLogger(ConsoleLogger.Default)
    .AddExporter(MarkdownExporter.GitHub)
    .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
BenchmarkSwitcher.FromAssembly(typeof(Orleans.Inference.Micro.PickBenchmark).Assembly).Run(args, config);
