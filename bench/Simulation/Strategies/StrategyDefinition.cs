namespace Orleans.Inference.Bench.Simulation.Strategies;

/// <summary>A strategy by its name.</summary>
/// <param name="Name">In tables and on the command line.</param>
/// <param name="Summary">What it does, in one sentence.</param>
/// <param name="Create">Makes it for one run, with its own source of chance and the number of servers.</param>
internal sealed record StrategyDefinition(string Name, string Summary, Func<Random, int, IStrategy> Create);
