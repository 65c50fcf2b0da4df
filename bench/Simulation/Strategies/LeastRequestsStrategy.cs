using Orleans.Inference.Bench.Simulation.Workloads;

namespace Orleans.Inference.Bench.Simulation.Strategies;

/// <summary>The server with the fewest requests in flight, counted by the balancer itself and so never stale; ties by chance. It looks at all servers, not at two drawn ones.</summary>
internal sealed class LeastRequestsStrategy(Random random, int servers) : IStrategy
{
    private readonly int[] _inFlight = new int[servers];

    public int Pick(in Arrival arrival)
    {
        var (best, ties) = (0, 1);
        for (var i = 1; i < _inFlight.Length; i++)
        {
            if (_inFlight[i] < _inFlight[best])
            {
                (best, ties) = (i, 1);
            }
            else if (_inFlight[i] == _inFlight[best] && random.Next(++ties) == 0)
            {
                best = i;
            }
        }

        _inFlight[best]++;
        return best;
    }

    public void Answering(SimulatedRequest request, int server, TimeSpan now)
    {
    }

    public void Answered(SimulatedRequest request, int server, TimeSpan now) => _inFlight[server]--;
}
