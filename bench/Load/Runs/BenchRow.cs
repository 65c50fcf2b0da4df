using Orleans.Inference.Bench.Load.Client;

namespace Orleans.Inference.Bench.Load.Runs;

/// <summary>A measured case.</summary>
/// <param name="CpuPerThousand">CPU seconds of the server per 1,000 exchanges, scraping included.</param>
/// <param name="PeakMiB">Peak resident memory of the server so far.</param>
internal sealed record BenchRow(BenchCase Case, string Server, LoadFigures Figures, double CpuPerThousand, double Cores, double PeakMiB);
