namespace Orleans.Inference.Simulator.Engine;

/// <summary>What an engine tells of itself: its state at the end of a step.</summary>
/// <remarks>Immutable.</remarks>
/// <param name="Waiting">Requests that found no place in the step; those that came while it ran are not among them.</param>
/// <param name="Running">Sequences of the step that have not ended.</param>
/// <param name="KvUsage">Part of the KV cache's blocks that are in use, 0 to 1.</param>
/// <param name="RunningAdapters">LoRA adapters of the running sequences, each once.</param>
/// <param name="WaitingAdapters">LoRA adapters of the waiting requests, each once.</param>
public sealed record EngineFigures(int Waiting, int Running, double KvUsage, IReadOnlyList<string> RunningAdapters, IReadOnlyList<string> WaitingAdapters)
{
    /// <summary>Those of an engine that has not done anything.</summary>
    public static readonly EngineFigures Idle = new(0, 0, 0, [], []);
}
