using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Hosting;
using Orleans.Inference.Picking;

namespace Orleans.Inference.Grains.ModelServers;

/// <summary>Collects the samples of a silo's model servers and reports them, pool by pool, in one call each.</summary>
/// <remarks>
/// One instance a silo; safe from any thread. One batch for each pool is under way at a time: while a pool is slow, samples overwrite each other here and scraping goes
/// on. Nothing runs while no sample comes. Ends with the host, before the silo: that takes no reports any more when it stops.
/// </remarks>
internal sealed class ReportBatcher : IHostedService, IDisposable
{
    /// <summary>Pause after a batch that was not taken.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<(string Pool, Guid Epoch), PoolOutbox> _outboxes = new();
    private readonly IGrainFactory _grains;
    private readonly GrainsOptions _options;
    private readonly TimeProvider _time;
    private readonly GrainsMetrics _metrics;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private int _isArmed;
    private volatile bool _isDisposed;

    public ReportBatcher(IGrainFactory grains, IOptions<GrainsOptions> options, TimeProvider time, GrainsMetrics metrics, ILogger<ReportBatcher> logger)
    {
        _grains = grains;
        _options = options.Value;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _timer = time.CreateTimer(static batcher => ((ReportBatcher)batcher!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <summary>A place for the samples of one model server, until it is disposed.</summary>
    public ReportSlot Add(ModelServerAssignment assignment)
    {
        while (true)
        {
            var outbox = _outboxes.GetOrAdd((assignment.Pool, assignment.Epoch), key => new PoolOutbox(this, key.Pool, key.Epoch, _time));
            if (outbox.TryAdd(assignment) is { } slot)
            {
                return slot;
            }

            Remove(outbox);
        }
    }

    /// <summary>Pools and activations of pools that this silo has something for.</summary>
    internal int OutboxCount => _outboxes.Count;

    internal void Remove(PoolOutbox outbox) => _outboxes.TryRemove(KeyValuePair.Create((outbox.Pool, outbox.Epoch), outbox));

    /// <summary>There is something to report.</summary>
    internal void Arm()
    {
        if (Volatile.Read(ref _isArmed) == 0 && Interlocked.Exchange(ref _isArmed, 1) == 0 && !_isDisposed)
        {
            _timer.Change(_options.ReportInterval, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _timer.Dispose();
    }

    private void Flush()
    {
        if (_isDisposed)
        {
            return;
        }

        Interlocked.Exchange(ref _isArmed, 0);
        foreach (var (_, outbox) in _outboxes)
        {
            if (_time.GetMilliseconds() < outbox.NotBefore)
            {
                Arm();
            }
            else if (outbox.TryTake() is { } batch)
            {
                _ = ReportAsync(outbox, batch);
            }
        }
    }

    private async Task ReportAsync(PoolOutbox outbox, ReportBatch batch)
    {
        ReportReply? reply = null;
        try
        {
            reply = await _grains.GetGrain<IPoolGrain>(outbox.Pool).Report(batch).ConfigureAwait(false);
            _metrics.Reported(batch.Slots.Length);
            if (outbox.NotBefore != long.MinValue)
            {
                outbox.NotBefore = long.MinValue;
                ModelServerLog.ReportsTaken(_logger, outbox.Pool);
            }
        }
        catch (Exception failure)
        {
            _metrics.ReportFailed();
            if (outbox.NotBefore == long.MinValue && !_isDisposed)
            {
                ModelServerLog.ReportsRefused(_logger, failure, outbox.Pool);
            }

            outbox.NotBefore = _time.GetMilliseconds() + (long)RetryPause.TotalMilliseconds;
        }

        foreach (var orphan in outbox.Complete(batch, reply, _options.OrphanLimit) ?? [])
        {
            _ = EndAsync(orphan);
        }

        if (outbox.HasMore)
        {
            Arm();
        }
    }

    private async Task EndAsync(ReportSlot orphan)
    {
        var (pool, server) = (orphan.Assignment.Pool, orphan.Assignment.Server.Id);
        try
        {
            ModelServerLog.Orphaned(_logger, pool, server);
            await _grains.GetGrain<IModelServerGrain>(GrainKeys.OfModelServer(pool, server)).Unwatch(orphan.Assignment.Epoch, orphan.Assignment.Slot).ConfigureAwait(false);

            // Whatever the grain was, nothing is reported for the slot any more.
            orphan.Dispose();
        }
        catch (Exception failure)
        {
            ModelServerLog.OrphanNotEnded(_logger, failure, pool, server);
        }
    }
}
