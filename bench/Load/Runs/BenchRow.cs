using Orleans.Inference.Bench.Load.Client;

namespace Orleans.Inference.Bench.Load.Runs;

/// <summary>A measured case.</summary>
/// <param name="CpuSeconds">CPU seconds of the server in the measured time, scraping included.</param>
/// <param name="Seconds">The measured time.</param>
/// <param name="IdleCores">Cores that the server uses without requests.</param>
/// <param name="ResidentMiB">Resident memory of the server at the end.</param>
/// <param name="PeakMiB">Its peak during the case.</param>
internal sealed record BenchRow(BenchCase Case, string Server, LoadFigures Figures, double CpuSeconds, double Seconds, double IdleCores, double ResidentMiB, double PeakMiB)
{
    public double Cores => CpuSeconds / Seconds;

    /// <summary>CPU seconds per 1,000 exchanges, which are milliseconds for each, scraping included.</summary>
    public double CpuPerThousand => Figures.Succeeded == 0 ? 0 : CpuSeconds / Figures.Succeeded * 1000;

    /// <summary>Milliseconds of CPU for each exchange, beyond what is used without requests.</summary>
    public double CpuEachAboveIdle => Figures.Succeeded == 0 ? 0 : AboveIdle / Figures.Succeeded * 1000;

    /// <summary>Microseconds of CPU for each chunk, the rest of its stream included, beyond what is used without requests.</summary>
    public double CpuAChunkAboveIdle => Figures.Chunks == 0 ? 0 : AboveIdle / Figures.Chunks * 1_000_000;

    private double AboveIdle => Math.Max(0, CpuSeconds - (IdleCores * Seconds));
}
