using Orleans.Inference.Bench.Simulation.Workloads;

namespace Orleans.Inference.Bench.Simulation.Runs;

/// <summary>A request that is on a server.</summary>
/// <param name="Request">The request.</param>
/// <param name="Server">The server's index.</param>
/// <param name="Tokens">Rented: prompt and answer.</param>
internal sealed record RequestInFlight(SimulatedRequest Request, int Server, int[] Tokens);
