using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>Follows the events of all model servers of all pools, while the configuration has a plugin that wants them.</summary>
/// <remarks>Looks twice a second at which servers there are. A server that comes back is another one: what is in flight on it (<see cref="ServerLoad"/>) tells them apart.</remarks>
internal sealed class KvEventService(PoolRegistry pools, ActiveConfiguration active, TimeProvider time, ILogger<KvEventService> logger) : BackgroundService
{
    private const int MostReplays = 8;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<ServerLoad, (CancellationTokenSource Cancellation, Task Run)> _followed = new(ReferenceEqualityComparer.Instance);
    private readonly SemaphoreSlim _replays = new(MostReplays);
    private KvEventOptions? _options;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _replays.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            do
            {
                await FollowAsync(active.Current.Events, stoppingToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }

        await EndAsync(_followed.Keys).ConfigureAwait(false);
    }

    private async Task FollowAsync(KvEventOptions? options, CancellationToken stopping)
    {
        if (options != _options)
        {
            await EndAsync(_followed.Keys).ConfigureAwait(false);
            _options = options;
        }

        if (options is null)
        {
            return;
        }

        var gone = new HashSet<ServerLoad>(_followed.Keys, ReferenceEqualityComparer.Instance);
        foreach (var pool in pools.Pools)
        {
            if (pool.View is not { } view)
            {
                continue;
            }

            for (var i = 0; i < view.Count; i++)
            {
                var key = view.InFlight[i];
                if (!gone.Remove(key) && !_followed.ContainsKey(key)
                    && KvEventSource.Of(view.Servers[i], options) is { } source && pool.Memory.Events.Join(view.Numbers[i]) is { } blocks)
                {
                    Begin(key, source, new KvEventStream(pool.Memory.Events, blocks), stopping);
                }
            }
        }

        await EndAsync(gone).ConfigureAwait(false);
    }

    private void Begin(ServerLoad key, KvEventSource source, KvEventStream stream, CancellationToken stopping)
    {
        var cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var subscription = new KvEventSubscription(source, stream, new KvReplay(_replays, time, logger), new Random(), time, logger);
        _followed.Add(key, (cancellation, Task.Run(() => subscription.RunAsync(cancellation.Token), CancellationToken.None)));
    }

    private async Task EndAsync(IEnumerable<ServerLoad> keys)
    {
        var ended = keys.ToList();
        foreach (var key in ended)
        {
            await _followed[key].Cancellation.CancelAsync().ConfigureAwait(false);
        }

        foreach (var key in ended)
        {
            var (cancellation, run) = _followed[key];
            await run.ConfigureAwait(false);
            cancellation.Dispose();
            _followed.Remove(key);
        }
    }
}
