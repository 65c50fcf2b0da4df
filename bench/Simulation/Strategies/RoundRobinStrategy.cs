using Orleans.Inference.Bench.Simulation.Workloads;

namespace Orleans.Inference.Bench.Simulation.Strategies;

/// <summary>One server after the other.</summary>
internal sealed class RoundRobinStrategy : IStrategy
{
    private int _next;

    public int Pick(in Arrival arrival) => _next++ % arrival.View.Count;

    public void Answering(SimulatedRequest request, int server, TimeSpan now)
    {
    }

    public void Answered(SimulatedRequest request, int server, TimeSpan now)
    {
    }
}
