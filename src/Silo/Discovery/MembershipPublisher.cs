using System.Collections.Immutable;
using Orleans.Inference.Grains.Contracts;

namespace Orleans.Inference.Silo.Discovery;

/// <summary>Tells the pools' grains what discovery found: all of it on a change, and again every few seconds, so that a grain that starts anew gets it.</summary>
/// <remarks>While the cluster does not answer, it tries again with growing pauses; what is published meanwhile replaces what was to be told.</remarks>
internal sealed class MembershipPublisher(IGrainFactory grains, TimeProvider time, ILogger<MembershipPublisher> logger) : BackgroundService, IMembershipSink
{
    /// <summary>A pool's grain that starts anew is without its model servers for no longer than this.</summary>
    private static readonly TimeSpan RepeatInterval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxRetry = TimeSpan.FromSeconds(5);

    /// <summary>Calls in flight at once.</summary>
    private const int MaxParallel = 16;

    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly Lock _lock = new();
    private ImmutableArray<PoolMembership> _pools;
    private ImmutableDictionary<string, long> _told = ImmutableDictionary<string, long>.Empty;

    public void Publish(ImmutableArray<PoolMembership> pools)
    {
        lock (_lock)
        {
            _pools = pools;
            if (_changed.CurrentCount == 0)
            {
                _changed.Release();
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = Timeout.InfiniteTimeSpan;
        var retry = FirstRetry;
        while (await WaitAsync(pause, stoppingToken))
        {
            var failures = await TellAsync(stoppingToken);
            if (failures == 0)
            {
                pause = RepeatInterval;
                retry = FirstRetry;
            }
            else
            {
                pause = retry;
                retry = retry * 2 < MaxRetry ? retry * 2 : MaxRetry;
            }
        }
    }

    public override void Dispose()
    {
        _changed.Dispose();
        base.Dispose();
    }

    /// <summary>Until something is published or <paramref name="pause"/> is over; false when the process stops.</summary>
    private async Task<bool> WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _changed.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested || cancellationToken.IsCancellationRequested)
        {
            // Time to repeat, or to stop.
        }

        return !cancellationToken.IsCancellationRequested;
    }

    /// <summary>Tells each pool, then the directory, so that whoever learns of a pool there finds it filled. Answers how many calls failed.</summary>
    private async Task<int> TellAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<PoolMembership> pools;
        lock (_lock)
        {
            pools = _pools;
        }

        var failures = 0;
        var told = _told;
        await Parallel.ForEachAsync(pools, new ParallelOptions { MaxDegreeOfParallelism = MaxParallel, CancellationToken = CancellationToken.None }, async (pool, _) =>
        {
            if (cancellationToken.IsCancellationRequested || !await TryAsync(pool.Spec.Key, () => TellPoolAsync(pool, told)))
            {
                Interlocked.Increment(ref failures);
            }
        });
        if (cancellationToken.IsCancellationRequested || !await TryAsync(GrainKeys.Directory, () => grains.GetGrain<IPoolDirectoryGrain>(GrainKeys.Directory).SetPools([.. pools.Select(pool => pool.Spec)])))
        {
            failures++;
        }

        if (failures == 0)
        {
            _told = pools.ToImmutableDictionary(pool => pool.Spec.Key, pool => pool.Revision, StringComparer.Ordinal);
        }

        return failures;
    }

    /// <summary>What was told already is only confirmed, which costs next to nothing for a pool of thousands.</summary>
    private async Task TellPoolAsync(PoolMembership pool, ImmutableDictionary<string, long> told)
    {
        var grain = grains.GetGrain<IPoolGrain>(pool.Spec.Key);
        if (told.TryGetValue(pool.Spec.Key, out var revision) && revision == pool.Revision && await grain.ConfirmMembership(revision))
        {
            return;
        }

        await grain.SetMembership(pool);
    }

    /// <summary>Any failure of a call is the same here: the cluster has not taken it, and it is told again.</summary>
    private async Task<bool> TryAsync(string target, Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
#pragma warning disable CA1031 // A call can fail with whatever the grain, the cluster or the transport throws.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            DiscoveryLog.NotTaken(logger, target, exception.Message);
            return false;
        }
    }
}
