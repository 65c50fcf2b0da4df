using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Policies;

namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>One pool as this gateway sees it: the long-lived holder of the view that is swapped whole.</summary>
/// <remarks>Safe from any thread.</remarks>
public sealed class PoolState(string pool)
{
    private PoolView? _view;
    private PoolSpec? _spec;
    private PoolPolicies _policies = PoolPolicies.None;
    private bool _allTried;

    /// <summary><c>namespace/name</c>.</summary>
    public string Pool { get; } = pool;

    /// <summary>What this gateway itself knows of the pool's model servers.</summary>
    public PoolMemory Memory { get; } = new();

    /// <summary>The newest view; null until the first snapshot has come, and after the pool was deleted.</summary>
    public PoolView? View
    {
        get => Volatile.Read(ref _view);
        set => Volatile.Write(ref _view, value);
    }

    /// <summary>What the pool says of itself; null until that is known, and after the pool was deleted.</summary>
    public PoolSpec? Spec
    {
        get => Volatile.Read(ref _spec);
        set => Volatile.Write(ref _spec, value);
    }

    /// <summary>What requests are worth and which models serve them; <see cref="PoolPolicies.None"/> until that is known, and after the pool was deleted.</summary>
    public PoolPolicies Policies
    {
        get => Volatile.Read(ref _policies);
        set => Volatile.Write(ref _policies, value);
    }

    /// <summary>Whether at least one scrape of each server of the view has ended, well or not.</summary>
    public bool AllTried
    {
        get => Volatile.Read(ref _allTried);
        set => Volatile.Write(ref _allTried, value);
    }

    /// <summary>True when there is nothing more to wait for: there is a view, and each of its servers has been scraped, or was tried in vain.</summary>
    public bool IsWarm => View is { } view && (AllTried || !view.SampledAt.Contains(PoolView.NeverSampled));

    /// <summary>True when there is a view, and some of its servers, if it has any, have been scraped.</summary>
    public bool HasFigures => View is { } view && (view.Count == 0 || view.SampledAt.ContainsAnyExcept(PoolView.NeverSampled));
}
