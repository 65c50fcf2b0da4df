namespace Orleans.Inference.Bench.Load.Client;

/// <summary>What a client process reports, as one JSON line.</summary>
/// <param name="PerSecond">Exchanges that ended well, a second.</param>
/// <param name="P50">Milliseconds from sending the request to the answer that names the server.</param>
internal sealed record LoadFigures(double PerSecond, int Succeeded, int Failed, double P50, double P95, double P99, string? FirstError);
