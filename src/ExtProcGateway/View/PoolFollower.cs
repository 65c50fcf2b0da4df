using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Picking;

namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>Keeps the view of one pool current: subscribes, applies frames, and asks for a snapshot where one is missing.</summary>
/// <remarks>Frames come on any thread and are applied under a lock; the view that they make is swapped in whole.</remarks>
internal sealed class PoolFollower : IPoolObserver
{
    /// <summary>Frames kept while a snapshot is under way, a second's worth.</summary>
    private const int MaxWaiting = 40;

    private readonly Lock _lock = new();
    private readonly PoolState _state;
    private readonly string _gatewayId;
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PoolViewBuilder _builder;
    private readonly RenewalLoop _loop;
    private readonly Queue<PoolFrame> _waiting = new();
    private IPoolObserver? _reference;
    private bool _needsSnapshot = true;
    private bool _isStopped;

    public PoolFollower(PoolState state, string gatewayId, IGrainFactory grains, TimeProvider time, ILogger logger)
    {
        _state = state;
        _gatewayId = gatewayId;
        _grains = grains;
        _time = time;
        _logger = logger;
        _builder = new PoolViewBuilder(state.Pool, state.Memory);
        _loop = new RenewalLoop($"pool {state.Pool}", RenewAsync, time, logger);
    }

    private IPoolGrain Grain => _grains.GetGrain<IPoolGrain>(_state.Pool);

    /// <summary>Follows until cancelled, then unsubscribes; throws nothing.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await _loop.RunAsync(cancellation).ConfigureAwait(false);
        lock (_lock)
        {
            _isStopped = true;
        }

        await EndAsync().ConfigureAwait(false);
    }

    /// <summary>No view is swapped in after this.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
        }
    }

    public Task OnFrame(PoolFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        lock (_lock)
        {
            if (!_isStopped)
            {
                Take_NeedsLock(frame);
            }
        }

        return Task.CompletedTask;
    }

    private void Take_NeedsLock(PoolFrame frame)
    {
        if (!_needsSnapshot)
        {
            switch (_builder.Apply(frame, _time.GetMilliseconds()))
            {
                case FrameOutcome.Applied:
                    Publish_NeedsLock();
                    return;
                case FrameOutcome.Late:
                    return;
            }

            ViewLog.Gap(_logger, _state.Pool, frame.Sequence);
            _needsSnapshot = true;
            _loop.Wake();
        }

        // The snapshot that is asked for may have been made before this frame.
        if (_waiting.Count == MaxWaiting)
        {
            _waiting.Dequeue();
        }

        _waiting.Enqueue(frame);
    }

    private async Task RenewAsync()
    {
        _reference ??= _grains.CreateObjectReference<IPoolObserver>(this);
        Guid epoch;
        long version;
        lock (_lock)
        {
            (epoch, version) = _needsSnapshot ? (Guid.Empty, 0) : (_builder.Epoch, _builder.Version);
        }

        var subscription = await Grain.Subscribe(_gatewayId, _reference, epoch, version).ConfigureAwait(false);
        if (subscription.Snapshot is { } snapshot)
        {
            lock (_lock)
            {
                Take_NeedsLock(snapshot);
            }
        }
    }

    private void Take_NeedsLock(PoolSnapshot snapshot)
    {
        // Frames may have overtaken it.
        if (_isStopped || (!_needsSnapshot && snapshot.Epoch == _builder.Epoch && snapshot.Sequence <= _builder.Sequence))
        {
            return;
        }

        var isFirst = _builder.View is null;
        _builder.Apply(snapshot, _time.GetMilliseconds());
        _needsSnapshot = false;
        Publish_NeedsLock();
        if (isFirst)
        {
            ViewLog.FirstView(_logger, _state.Pool, snapshot.Servers.Length);
        }
        else
        {
            ViewLog.SnapshotTaken(_logger, _state.Pool, snapshot.Servers.Length);
        }

        for (var frames = _waiting.Count; frames > 0; frames--)
        {
            var frame = _waiting.Dequeue();
            if (frame.Epoch == _builder.Epoch)
            {
                Take_NeedsLock(frame);
            }
        }
    }

    /// <summary>Policies first: who sees the first view finds them.</summary>
    private void Publish_NeedsLock()
    {
        _state.Policies = _builder.Policies;
        _state.AllTried = _builder.AllTried;
        _state.View = _builder.View;
    }

    private async Task EndAsync()
    {
        if (_reference is null)
        {
            return;
        }

        try
        {
            await Grain.Unsubscribe(_gatewayId).WaitAsync(RenewalLoop.Period, _time).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            ViewLog.NotUnsubscribed(_logger, failure, $"pool {_state.Pool}");
        }

        _grains.DeleteObjectReference<IPoolObserver>(_reference);
    }
}
