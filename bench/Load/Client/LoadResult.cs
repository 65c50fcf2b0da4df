namespace Orleans.Inference.Bench.Load.Client;

/// <summary>What one run of the client saw. Safe from any thread.</summary>
internal sealed class LoadResult
{
    private readonly Lock _lock = new();
    private readonly List<double> _decisions = [];
    private readonly List<double> _chunkTimes = [];
    private long _chunks;
    private int _failed;
    private int _held;
    private string? _firstError;

    public void Succeeded(double milliseconds)
    {
        lock (_lock)
        {
            _decisions.Add(milliseconds);
        }
    }

    public void Failed(int count, string why)
    {
        lock (_lock)
        {
            _failed += count;
            _firstError ??= count > 0 ? why : null;
        }
    }

    public void Note(string what)
    {
        lock (_lock)
        {
            _firstError ??= what;
        }
    }

    /// <summary>An exchange whose response is held has had its request answered.</summary>
    public void Held() => Interlocked.Increment(ref _held);

    /// <summary>How many were, or will not be: also those that failed.</summary>
    public int HeldOrFailed
    {
        get
        {
            lock (_lock)
            {
                return Volatile.Read(ref _held) + _failed;
            }
        }
    }

    /// <summary>How many have ended, well or not.</summary>
    public int Ended
    {
        get
        {
            lock (_lock)
            {
                return _decisions.Count + _failed;
            }
        }
    }

    /// <summary>Adds a connection's chunks.</summary>
    public void Add(ChunkTally chunks)
    {
        lock (_lock)
        {
            _chunks += chunks.Count;
            _chunkTimes.AddRange(chunks.Milliseconds);
        }
    }

    /// <summary>Figures of the run.</summary>
    public LoadFigures Summarise(double seconds)
    {
        lock (_lock)
        {
            _decisions.Sort();
            _chunkTimes.Sort();
            return new LoadFigures(
                _decisions.Count / seconds, _decisions.Count, _failed, At(_decisions, 0.5), At(_decisions, 0.95), At(_decisions, 0.99), _chunks, At(_chunkTimes, 0.5),
                At(_chunkTimes, 0.95), _firstError);
        }
    }

    private static double At(List<double> sorted, double quantile) => sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(quantile * sorted.Count))];
}
