using Orleans.Inference.Bench.Simulation.Workloads;
using Orleans.Inference.Picking;

namespace Orleans.Inference.Bench.Simulation.Strategies;

/// <summary>A request that is to be sent somewhere.</summary>
/// <param name="request">The request.</param>
/// <param name="prompt">Its token ids.</param>
/// <param name="view">What the picker knows of the servers.</param>
/// <param name="now">Simulated time.</param>
internal readonly ref struct Arrival(SimulatedRequest request, ReadOnlySpan<int> prompt, PoolView view, TimeSpan now)
{
    public SimulatedRequest Request { get; } = request;

    public ReadOnlySpan<int> Prompt { get; } = prompt;

    public PoolView View { get; } = view;

    public TimeSpan Now { get; } = now;
}
