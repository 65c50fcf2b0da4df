using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Orleans.Inference.ExtProcGateway.Hosting;

namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>Which call goes to which pool, for the pools of one moment.</summary>
internal sealed class RoutingTable
{
    /// <summary>
    /// Answers kept, by authority. A proxy uses one or a few for each pool; what comes beyond is worked out anew each time, so that made-up
    /// names can't fill the memory.
    /// </summary>
    private const int MaxCached = 4096;

    private readonly object _version;
    private readonly ImmutableArray<PoolState> _pools;
    private readonly FrozenDictionary<int, PoolState> _byPort;
    private readonly PoolState? _only;
    private readonly ConcurrentDictionary<string, PoolState?> _byAuthority = new(StringComparer.Ordinal);
    private int _cached;

    public RoutingTable(PoolRegistry registry, GatewayOptions options)
    {
        _version = registry.Version;
        _pools = registry.Pools;
        _byPort = options.Listen
            .Select(listen => (Port: listen.Value, Pool: registry.Find(listen.Key)))
            .Where(listen => listen.Pool is not null)
            .ToFrozenDictionary(listen => listen.Port, listen => listen.Pool!);
        _only = options.PoolName is not null
            ? registry.Find($"{options.PoolNamespace}/{options.PoolName}")
            : _pools.Length == 1 ? _pools[0] : null;
    }

    public bool IsOf(PoolRegistry registry) => ReferenceEquals(registry.Version, _version);

    public PoolState? Resolve(string authority, int localPort)
    {
        if (_byPort.TryGetValue(localPort, out var own))
        {
            return own;
        }

        if (_only is not null)
        {
            return _only;
        }

        return _byAuthority.TryGetValue(authority, out var known) ? known : ResolveNew(authority);
    }

    private PoolState? ResolveNew(string authority)
    {
        var pool = PickerAuthority.Parse(authority) is { } picker ? Match(picker) : null;
        if (Volatile.Read(ref _cached) < MaxCached && _byAuthority.TryAdd(authority, pool))
        {
            Interlocked.Increment(ref _cached);
        }

        return pool;
    }

    private PoolState? Match(PickerAuthority picker)
    {
        var named = _pools.Where(pool =>
            pool.Spec is { EndpointPicker: { } own } spec
            && string.Equals(own.Name, picker.Service, StringComparison.OrdinalIgnoreCase)
            && (picker.Namespace is null || string.Equals(spec.Namespace, picker.Namespace, StringComparison.OrdinalIgnoreCase))).ToArray();
        if (named.Length > 1 && picker.Port is { } port)
        {
            named = [.. named.Where(pool => pool.Spec?.EndpointPicker?.Port == port)];
        }

        // Two that fit equally well are no answer: a request that goes to the wrong pool is worse than one refused.
        return named.Length == 1 ? named[0] : null;
    }
}
