using System.Collections.Immutable;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Picking.Policies;

namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>The pools that this gateway serves, and whether it is ready to.</summary>
/// <remarks>Safe from any thread. <see cref="Pools"/> is swapped whole when pools come or go.</remarks>
public sealed class PoolRegistry
{
    /// <summary>
    /// How long the gateway waits, from its first view on, for a warm one. A scrape gives up after a second; a server that has neither answered nor failed by then is on a
    /// silo that has not come up, and can be picked nevertheless.
    /// </summary>
    public static readonly TimeSpan WarmUpLimit = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly string? _onlyPool;
    private readonly ImmutableArray<PoolState> _fixed;
    private PoolSet _pools;
    private long _firstViewAt;
    private bool _known;
    private bool _hadView;
    private bool _wasWarm;

    public PoolRegistry(GatewayOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _onlyPool = options.PoolName is null ? null : $"{options.PoolNamespace}/{options.PoolName}";

        // Pools that flags name exist from the start, so that calls for them find "no view yet" rather than "no such pool".
        _fixed = [.. FixedPools(options).Distinct(StringComparer.Ordinal).Select(pool => new PoolState(pool))];
        _pools = new PoolSet(_fixed);
    }

    /// <summary>The pools served, those that flags name first; each stays the same object while the pool exists.</summary>
    public ImmutableArray<PoolState> Pools => Volatile.Read(ref _pools).States;

    /// <summary>
    /// True when the gateway can serve: the pools are known, there is one, and one has, or has had, a warm view (or <see cref="WarmUpLimit"/> has passed).
    /// False again when all of them are gone.
    /// </summary>
    public bool IsWarm
    {
        get
        {
            var pools = Pools;
            if (!Volatile.Read(ref _known) || !pools.Any(pool => pool.View is not null))
            {
                return false;
            }

            // A pool that comes later must not make a gateway unready that serves others.
            if (!Volatile.Read(ref _wasWarm) && IsWarmedUp(pools))
            {
                Volatile.Write(ref _wasWarm, true);
            }

            return Volatile.Read(ref _wasWarm);
        }
    }

    /// <summary>The pool of that key; null where it is not served.</summary>
    public PoolState? Find(string pool) => Volatile.Read(ref _pools).Find(pool);

    /// <summary>Changes with every change of <see cref="Pools"/> and of what the pools say of themselves: for what is computed from them.</summary>
    internal object Version => Volatile.Read(ref _pools);

    /// <summary>True for a pool that this gateway is to serve.</summary>
    internal bool IsWanted(PoolSpec spec) => _onlyPool is null || spec.Key == _onlyPool;

    /// <summary>Takes over which pools there are.</summary>
    internal void Update(ImmutableArray<PoolSpec> specs)
    {
        lock (_lock)
        {
            var wanted = specs.Where(IsWanted).GroupBy(spec => spec.Key).ToDictionary(same => same.Key, same => same.First());
            var states = _fixed.ToBuilder();
            foreach (var spec in wanted.Values)
            {
                if (!_fixed.Any(state => state.Pool == spec.Key))
                {
                    states.Add(Find(spec.Key) ?? new PoolState(spec.Key));
                }
            }

            foreach (var state in states)
            {
                state.Spec = wanted.GetValueOrDefault(state.Pool);
            }

            foreach (var gone in Pools.Where(state => !wanted.ContainsKey(state.Pool)))
            {
                gone.Spec = null;
                gone.Policies = PoolPolicies.None;
                gone.View = null;
            }

            Volatile.Write(ref _pools, new PoolSet(states.ToImmutable()));
            Volatile.Write(ref _known, true);
        }
    }

    /// <summary>A pool without servers says nothing of the others: it counts where all are warm. The first look that finds a view begins the wait.</summary>
    private bool IsWarmedUp(ImmutableArray<PoolState> pools)
    {
        if (pools.Any(pool => pool.IsWarm && pool.View is { Count: > 0 }) || pools.All(pool => pool.IsWarm))
        {
            return true;
        }

        lock (_lock)
        {
            if (!_hadView)
            {
                _hadView = true;
                _firstViewAt = _time.GetTimestamp();
            }

            return _time.GetElapsedTime(_firstViewAt) >= WarmUpLimit;
        }
    }

    private static IEnumerable<string> FixedPools(GatewayOptions options) =>
        options.PoolName is null ? options.Listen.Keys : options.Listen.Keys.Prepend($"{options.PoolNamespace}/{options.PoolName}");
}
