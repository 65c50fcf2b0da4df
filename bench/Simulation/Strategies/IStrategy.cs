using Orleans.Inference.Bench.Simulation.Workloads;

namespace Orleans.Inference.Bench.Simulation.Strategies;

/// <summary>Decides where requests go. One instance serves one run; it learns what a picker in the path of all requests and answers learns.</summary>
internal interface IStrategy
{
    /// <summary>The index of the server, in the view, that gets the request.</summary>
    int Pick(in Arrival arrival);

    /// <summary>The first token of an answer has passed.</summary>
    void Answering(SimulatedRequest request, int server, TimeSpan now);

    /// <summary>The end of an answer has passed.</summary>
    void Answered(SimulatedRequest request, int server, TimeSpan now);
}
