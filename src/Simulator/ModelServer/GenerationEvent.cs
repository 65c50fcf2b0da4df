using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Simulator.ModelServer;

/// <summary>A sequence has <paramref name="Generated"/> tokens now.</summary>
internal readonly record struct GenerationEvent(int Choice, int Generated, FinishReason Finish);
