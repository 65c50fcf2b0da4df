using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Hosting;
using Orleans.Inference.Picking;
using Orleans.Placement;

namespace Orleans.Inference.Grains.Pools;

/// <inheritdoc cref="IPoolGrain"/>
/// <remarks>No turn awaits anything, so turns are as short as their loops over the columns, and no interleaving is needed.</remarks>
[GrainType("inference-pool"), RandomPlacement]
internal sealed class PoolGrain : Grain, IPoolGrain
{
    private readonly GrainsOptions _options;
    private readonly TimeProvider _time;
    private readonly GrainsMetrics _metrics;
    private readonly ILogger _logger;
    private readonly PoolTable _table = new(Guid.NewGuid());
    private GatewaySubscribers _subscribers = null!;
    private ModelServerFleet _fleet = null!;
    private PoolMembership? _membership;
    private IGrainTimer _pushTimer = null!;
    private long _confirmedAt;
    private long _pushedAt;
    private bool _isPushPlanned;
    private bool _isAsking;

    public PoolGrain(IOptions<GrainsOptions> options, TimeProvider time, GrainsMetrics metrics, ILogger<PoolGrain> logger)
    {
        _options = options.Value;
        _time = time;
        _metrics = metrics;
        _logger = logger;
    }

    private string Key => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _subscribers = new GatewaySubscribers(Key, _options, _time, _metrics, _logger);
        _fleet = new ModelServerFleet(Key, _table.Epoch, GrainFactory, _options, _time, _logger);
        _confirmedAt = _pushedAt = _time.GetMilliseconds();
        _pushTimer = this.RegisterGrainTimer(PushPlannedAsync, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        this.RegisterGrainTimer(CheckAsync, _options.SupervisionInterval, _options.SupervisionInterval);
        return Task.CompletedTask;
    }

    public Task SetMembership(PoolMembership membership)
    {
        ArgumentNullException.ThrowIfNull(membership);
        _confirmedAt = _time.GetMilliseconds();
        if (_membership?.Revision != membership.Revision)
        {
            _membership = membership;
            var changes = new ChangeCounter(_fleet);
            var policies = membership.Policies ?? PoolPolicySpec.None;
            if (policies != _table.Policies)
            {
                PoolLog.PoliciesChanged(_logger, Key, policies.Objectives.Length, policies.Rewrites.Length, policies.Models.Length);
            }

            _table.Spec = membership.Spec;
            _table.Policies = policies;
            _table.SetServers(membership.Servers, _confirmedAt, changes);
            PoolLog.MembershipChanged(_logger, Key, _table.Count, changes.Added, changes.Removed, changes.Relabelled);
            PushSoon();
        }

        return Task.CompletedTask;
    }

    public Task<bool> ConfirmMembership(long revision)
    {
        var holds = _membership?.Revision == revision;
        if (holds)
        {
            _confirmedAt = _time.GetMilliseconds();
        }

        return Task.FromResult(holds);
    }

    public Task Delete()
    {
        PoolLog.Deleted(_logger, Key);
        _fleet.Clear();
        _subscribers.Clear();
        _membership = null;
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<ReportReply> Report(ReportBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var reply = _table.Apply(batch, _time.GetMilliseconds());
        PushSoon();
        return Task.FromResult(reply);
    }

    public Task<PoolSubscription> Subscribe(string gatewayId, IPoolObserver observer, Guid knownEpoch, long knownVersion)
    {
        if (_membership is null)
        {
            return Task.FromResult(new PoolSubscription(PoolSubscriptionState.Unknown, null));
        }

        if (_table.IsStructureDirty)
        {
            // A snapshot must be what a version stands for.
            Push();
        }

        if (!_subscribers.Renew(gatewayId, observer, knownEpoch == _table.Epoch ? knownVersion : null, _table.Version))
        {
            return Task.FromResult(new PoolSubscription(PoolSubscriptionState.Current, null));
        }

        _metrics.SnapshotGiven();
        return Task.FromResult(new PoolSubscription(PoolSubscriptionState.Snapshot, _table.Snapshot(_time.GetMilliseconds())));
    }

    public Task Unsubscribe(string gatewayId)
    {
        _subscribers.Remove(gatewayId);
        return Task.CompletedTask;
    }

    public Task<PoolSnapshot?> GetSnapshot() =>
        Task.FromResult(_membership is null ? null : _table.Snapshot(_time.GetMilliseconds()));

    /// <summary>
    /// Pushes what is new at once where the last frame is old enough, else when it is. A report that comes a little early takes the frame with it: with one silo, whose reports
    /// come at the pace of the frames, no timer runs at all.
    /// </summary>
    private void PushSoon()
    {
        if (_isPushPlanned || !HasNews)
        {
            return;
        }

        var wait = _options.FrameInterval - TimeSpan.FromMilliseconds(_time.GetMilliseconds() - _pushedAt);
        if (wait <= _options.FrameInterval / 8)
        {
            Push();
        }
        else
        {
            _isPushPlanned = true;
            _pushTimer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private Task PushPlannedAsync(CancellationToken cancellation)
    {
        _isPushPlanned = false;
        if (HasNews)
        {
            Push();
        }

        return Task.CompletedTask;
    }

    /// <summary>There is something to tell. With nobody to tell, changes are let go: whoever subscribes gets a snapshot.</summary>
    private bool HasNews => _subscribers.Count > 0 ? _table.IsDirty : _table.IsStructureDirty;

    private void Push()
    {
        _pushedAt = _time.GetMilliseconds();
        _subscribers.Push(_table.TakeFrame(_pushedAt));
    }

    private Task CheckAsync(CancellationToken cancellation)
    {
        _fleet.Check(_table);
        _subscribers.Expire();
        if (!_isAsking && _time.GetMilliseconds() - _confirmedAt > _options.ConfirmationLimit.TotalMilliseconds)
        {
            _isAsking = true;
            _ = AskDirectoryAsync();
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// Discovery has been silent for long: it may be down, and then the pool goes on, or the pool may have been deleted while nobody was there to
    /// tell it.
    /// </summary>
    private async Task AskDirectoryAsync()
    {
        try
        {
            var directory = await GrainFactory.GetGrain<IPoolDirectoryGrain>(GrainKeys.Directory).GetPools();
            _confirmedAt = _time.GetMilliseconds();
            if (directory.Version > 0 && !directory.Pools.Any(pool => pool.Key == Key))
            {
                await Delete();
            }
        }
        catch (Exception failure)
        {
            _confirmedAt = _time.GetMilliseconds();
            PoolLog.DirectoryFailed(_logger, failure, Key);
        }
        finally
        {
            _isAsking = false;
        }
    }

    private sealed class ChangeCounter(IMembershipChanges inner) : IMembershipChanges
    {
        public int Added { get; private set; }

        public int Removed { get; private set; }

        public int Relabelled { get; private set; }

        public void OnAdded(int slot, ModelServerSpec server)
        {
            Added++;
            inner.OnAdded(slot, server);
        }

        public void OnRemoved(int slot, ModelServerSpec server)
        {
            Removed++;
            inner.OnRemoved(slot, server);
        }

        public void OnRelabelled(int slot, ModelServerSpec server)
        {
            Relabelled++;
            inner.OnRelabelled(slot, server);
        }
    }
}
