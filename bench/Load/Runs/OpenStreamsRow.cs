namespace Orleans.Inference.Bench.Load.Runs;

/// <summary>Resident memory of the picker before, while and after streams are open that wait for their response.</summary>
internal sealed record OpenStreamsRow(int Streams, int Failed, double BeforeMiB, double WhileOpenMiB, double AfterMiB)
{
    public double KiBEach => (WhileOpenMiB - BeforeMiB) * 1024 / Streams;
}
