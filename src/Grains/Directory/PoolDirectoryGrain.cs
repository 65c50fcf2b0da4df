using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Hosting;
using Orleans.Inference.Picking;

namespace Orleans.Inference.Grains.Directory;

/// <inheritdoc cref="IPoolDirectoryGrain"/>
[GrainType("inference-pools")]
internal sealed class PoolDirectoryGrain(IOptions<GrainsOptions> options, TimeProvider time, ILogger<PoolDirectoryGrain> logger) : Grain, IPoolDirectoryGrain
{
    private readonly Dictionary<string, (IPoolDirectoryObserver Observer, long RenewedAt)> _subscribers = new(StringComparer.Ordinal);

    /// <summary>Deleted pools that have not been told yet.</summary>
    private readonly HashSet<string> _toDelete = new(StringComparer.Ordinal);

    private PoolDirectory _directory = new() { Epoch = Guid.NewGuid(), Version = 0, Pools = [] };

    public Task SetPools(ImmutableArray<PoolSpec> pools)
    {
        var old = _directory;
        pools = pools.Sort((one, other) => string.CompareOrdinal(one.Key, other.Key));
        if (old.Version == 0 || !old.Pools.AsSpan().SequenceEqual(pools.AsSpan()))
        {
            _directory = new PoolDirectory { Epoch = old.Epoch, Version = old.Version + 1, Pools = pools };
            _toDelete.UnionWith(old.Pools.Select(pool => pool.Key));
            _toDelete.ExceptWith(pools.Select(pool => pool.Key));
            DirectoryLog.PoolsChanged(logger, pools.Length, string.Join(", ", pools.Select(pool => pool.Key)));
            Push();
        }

        foreach (var pool in _toDelete.ToArray())
        {
            _ = DeleteAsync(pool);
        }

        return Task.CompletedTask;
    }

    public Task<PoolDirectory> GetPools() => Task.FromResult(_directory);

    public Task<PoolDirectory?> Subscribe(string gatewayId, IPoolDirectoryObserver observer, Guid knownEpoch, long knownVersion)
    {
        _subscribers[gatewayId] = (observer, time.GetMilliseconds());
        return Task.FromResult(knownEpoch == _directory.Epoch && knownVersion == _directory.Version ? null : _directory);
    }

    public Task Unsubscribe(string gatewayId)
    {
        _subscribers.Remove(gatewayId);
        return Task.CompletedTask;
    }

    private void Push()
    {
        var oldest = time.GetMilliseconds() - (long)options.Value.SubscriptionLifetime.TotalMilliseconds;
        foreach (var (gateway, subscriber) in _subscribers)
        {
            if (subscriber.RenewedAt < oldest)
            {
                _subscribers.Remove(gateway);
            }
            else
            {
                _ = PushAsync(gateway, subscriber.Observer);
            }
        }
    }

    private async Task PushAsync(string gateway, IPoolDirectoryObserver observer)
    {
        try
        {
            await observer.OnPools(_directory);
        }
        catch (Exception failure)
        {
            // It hears of it at its next renewal.
            DirectoryLog.PushFailed(logger, failure, gateway);
        }
    }

    private async Task DeleteAsync(string pool)
    {
        try
        {
            await GrainFactory.GetGrain<IPoolGrain>(pool).Delete();
            _toDelete.Remove(pool);
        }
        catch (Exception failure)
        {
            DirectoryLog.DeleteFailed(logger, failure, pool);
        }
    }
}
