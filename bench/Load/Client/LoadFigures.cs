namespace Orleans.Inference.Bench.Load.Client;

/// <summary>What a client process reports, as one JSON line.</summary>
/// <param name="PerSecond">Exchanges that ended well, a second.</param>
/// <param name="P50">Milliseconds from sending the request to the answer that names the server.</param>
/// <param name="Chunks">Chunks of streamed responses that were answered in the measured time.</param>
/// <param name="ChunkP50">Milliseconds from sending a chunk to its answer.</param>
internal sealed record LoadFigures(
    double PerSecond, int Succeeded, int Failed, double P50, double P95, double P99, long Chunks, double ChunkP50, double ChunkP95, string? FirstError);
