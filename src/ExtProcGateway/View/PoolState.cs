using Orleans.Inference.Picking;

namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>One pool as this gateway sees it: the long-lived holder of the view that is swapped whole.</summary>
/// <remarks>Safe from any thread.</remarks>
public sealed class PoolState(string pool)
{
    private PoolView? _view;

    /// <summary><c>namespace/name</c>.</summary>
    public string Pool { get; } = pool;

    /// <summary>The newest view; null until the first snapshot has come, and after the pool was deleted.</summary>
    public PoolView? View
    {
        get => Volatile.Read(ref _view);
        set => Volatile.Write(ref _view, value);
    }
}
