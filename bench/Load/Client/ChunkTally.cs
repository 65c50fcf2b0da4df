namespace Orleans.Inference.Bench.Load.Client;

/// <summary>Chunks of streamed responses that one connection had answered within the measured time.</summary>
/// <remarks>Under the connection's lock. Every so many times are kept, so that this costs little beside a chunk.</remarks>
internal sealed class ChunkTally
{
    private const int Kept = 8;

    private readonly List<double> _milliseconds = [];

    public long Count { get; private set; }

    public IReadOnlyList<double> Milliseconds => _milliseconds;

    public void Answered(double milliseconds)
    {
        if (Count++ % Kept == 0)
        {
            _milliseconds.Add(milliseconds);
        }
    }
}
