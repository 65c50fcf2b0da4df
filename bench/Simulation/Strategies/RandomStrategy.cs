using Orleans.Inference.Bench.Simulation.Workloads;

namespace Orleans.Inference.Bench.Simulation.Strategies;

/// <summary>Any server, each with the same chance.</summary>
internal sealed class RandomStrategy(Random random) : IStrategy
{
    public int Pick(in Arrival arrival) => random.Next(arrival.View.Count);

    public void Answering(SimulatedRequest request, int server, TimeSpan now)
    {
    }

    public void Answered(SimulatedRequest request, int server, TimeSpan now)
    {
    }
}
