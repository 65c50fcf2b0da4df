using Orleans.Inference.Grains.Contracts;

namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>Keeps the views of all pools that this gateway serves current.</summary>
/// <remarks>Needs no cluster to start: it tries until one answers, and a pool keeps its last view while none does.</remarks>
internal sealed class PoolViewSubscriber(IGrainFactory grains, PoolRegistry registry, TimeProvider time, ILogger<PoolViewSubscriber> logger) : BackgroundService
{
    // Another process, or another start of this one, is another subscriber.
    private readonly string _gatewayId = $"{Environment.MachineName}-{Guid.NewGuid():N}";
    private readonly Dictionary<string, (PoolFollower Follower, CancellationTokenSource Cancellation, Task Run)> _followers = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private CancellationToken _stopping;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A host starts its services one after the other: nothing of it may wait for the cluster.
        await Task.Yield();
        _stopping = stoppingToken;
        await new DirectoryFollower(_gatewayId, grains, Follow, time, logger).RunAsync(stoppingToken).ConfigureAwait(false);
        Task[] running;
        lock (_lock)
        {
            running = [.. _followers.Values.Select(follower => follower.Run)];
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private void Follow(PoolDirectory directory)
    {
        lock (_lock)
        {
            // First out, so that no frame brings back the view of a pool that is gone.
            var wanted = directory.Pools.Where(registry.IsWanted).Select(pool => pool.Key).ToHashSet(StringComparer.Ordinal);
            foreach (var (pool, (follower, cancellation, run)) in _followers.Where(follower => !wanted.Contains(follower.Key)).ToArray())
            {
                follower.Stop();
                cancellation.Cancel();
                _followers.Remove(pool);
                _ = run.ContinueWith(_ => cancellation.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }

            registry.Update(directory.Pools);
            foreach (var pool in wanted.Where(pool => !_followers.ContainsKey(pool)))
            {
                var follower = new PoolFollower(registry.Find(pool)!, _gatewayId, grains, time, logger);
                var cancellation = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
                _followers.Add(pool, (follower, cancellation, Task.Run(() => follower.RunAsync(cancellation.Token), CancellationToken.None)));
            }

            ViewLog.Following(logger, wanted.Count, string.Join(", ", wanted));
        }
    }
}
