namespace Orleans.Inference.Bench.Load.Client;

/// <summary>What one run of the client saw. Safe from any thread.</summary>
internal sealed class LoadResult
{
    private readonly Lock _lock = new();
    private readonly List<double> _decisions = [];
    private int _failed;
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

    /// <summary>Figures of the run.</summary>
    public LoadFigures Summarise(double seconds)
    {
        lock (_lock)
        {
            _decisions.Sort();
            return new LoadFigures(_decisions.Count / seconds, _decisions.Count, _failed, At(0.5), At(0.95), At(0.99), _firstError);
        }
    }

    private double At(double quantile) => _decisions.Count == 0 ? 0 : _decisions[Math.Min(_decisions.Count - 1, (int)(quantile * _decisions.Count))];
}
