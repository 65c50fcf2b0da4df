using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Bench.Simulation.Workloads;

/// <summary>Model servers and the requests that come to them: one case of the simulation.</summary>
internal sealed record Workload
{
    /// <summary>What kind of requests they are.</summary>
    public required string Name { get; init; }

    /// <summary>Mean arrivals in a second after the warm-up.</summary>
    public required double Rate { get; init; }

    /// <summary>In the order of <see cref="SimulatedRequest.Index"/>.</summary>
    public required IReadOnlyList<SimulatedRequest> Requests { get; init; }

    /// <summary>Requests that come before are not in the figures: caches are still filling.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>Model servers, all alike.</summary>
    public int Servers { get; init; } = 8;

    /// <summary>Each server's engine.</summary>
    public EngineOptions Engine { get; init; } = DefaultEngine;

    /// <summary>A KV cache of 307,328 tokens; a prompt may fill it.</summary>
    public static EngineOptions DefaultEngine { get; } = new() { BlockCount = 19_208, MaxModelLength = 307_328 };
}
