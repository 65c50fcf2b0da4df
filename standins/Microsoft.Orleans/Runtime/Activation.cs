using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

/// <summary>One instance of a grain in one silo: its queue of calls, its turns, its life.</summary>
internal sealed partial class Activation : IGrainContext, ICallTarget, IDisposable
{
    private readonly Lock _gate = new();
    private readonly ActivationScheduler _scheduler;
    private readonly TaskCompletionSource _deactivated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _activation = new();
    private readonly HashSet<GrainTimer> _timers = [];
    private readonly Action _pump;
    private CallQueue _waiting;
    private CallQueue _running;
    private GrainCall? _blocking;
    private ActivationState _state;
    private bool _isStarted;
    private bool _isPumpQueued;
    private bool _isPumping;
    private bool _isDestroying;
    private DeactivationReason _reason;
    private Dictionary<Guid, int>? _callChains;
    private IServiceScope? _scope;
    private GrainReference? _reference;
    private long _lastUsed;
    private long _keepAliveUntil = long.MinValue;

    public Activation(Silo silo, GrainClass grainClass, GrainId id)
    {
        Silo = silo;
        Class = grainClass;
        GrainId = id;
        _scheduler = new ActivationScheduler(this);
        _pump = Pump;
        _lastUsed = silo.TimeProvider.GetTimestamp();
    }

    public Silo Silo { get; }

    public GrainClass Class { get; }

    public GrainId GrainId { get; }

    public object? GrainInstance { get; private set; }

    public GrainReference GrainReference =>
        _reference ??= GrainReference.Create(Silo, GrainInterface.Of(typeof(IAddressable)), GrainId);

    public IServiceProvider ActivationServices => _scope?.ServiceProvider ?? Silo.Services;

    public IWorkItemScheduler Scheduler => _scheduler;

    public Task Deactivated => _deactivated.Task;

    public bool HasIncomingFilters { get; private set; }

    /// <summary>Calls that run or wait.</summary>
    public int Load
    {
        get
        {
            lock (_gate)
            {
                return _running.Count + _waiting.Count;
            }
        }
    }

    public void Dispose() => _activation.Dispose();

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => $"[Activation: {Silo.SiloAddress}/{GrainId}]";

    public bool TryEnqueue(RequestCall call)
    {
        try
        {
            call.ArriveAt(this, Silo);
        }
        catch
        {
            lock (_gate)
            {
                Start_NeedsLock();
            }

            throw;
        }

        return TryEnqueueCall(call);
    }

    public bool TryEnqueueCall(GrainCall call)
    {
        lock (_gate)
        {
            if (_state == ActivationState.Invalid)
            {
                return false;
            }

            _waiting.Add(call);
            Start_NeedsLock();
            QueuePump_NeedsLock();
        }

        return true;
    }

    public void Cancel(RequestCall call) => _scheduler.QueueAction(() =>
    {
        try
        {
            call.CancelCallee();
        }
        catch (AggregateException exception)
        {
            LogCancellationFailed(exception, this);
        }
    });

    /// <summary>A call has run to its end; always in a turn.</summary>
    public void OnExecuted(GrainCall call)
    {
        lock (_gate)
        {
            if (_state == ActivationState.Invalid)
            {
                return;
            }

            _running.Remove(call);
            if (call.IsKeepAlive)
            {
                _lastUsed = Silo.TimeProvider.GetTimestamp();
            }

            if (ReferenceEquals(call, _blocking))
            {
                // Readers that began beside it go on: they block as it did.
                _blocking = null;
                for (var running = _running.First; running is not null; running = running.Next)
                {
                    if (!running.IsAlwaysInterleave)
                    {
                        _blocking = running;
                        break;
                    }
                }
            }

            QueuePump_NeedsLock();
        }
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_state is ActivationState.Deactivating or ActivationState.Invalid)
            {
                return;
            }

            _reason = deactivationReason;
            if (_state == ActivationState.Valid)
            {
                _state = ActivationState.Deactivating;
                QueuePump_NeedsLock();
                return;
            }
        }

        // Still activating: it ends as soon as that is over.
        _activation.Cancel();
    }

    /// <summary>Its silo died: nothing of it goes on, and its calls fail.</summary>
    public void Abort(Exception exception)
    {
        List<GrainCall> lost;
        lock (_gate)
        {
            if (_state == ActivationState.Invalid)
            {
                return;
            }

            _state = ActivationState.Invalid;
            lost = [.. _running.Drain(), .. _waiting.Drain()];
        }

        DisposeTimers();
        Silo.Remove(this);
        foreach (var call in lost)
        {
            call.Fail(exception);
        }

        _deactivated.TrySetResult();
    }

    public void DelayDeactivation(TimeSpan timeSpan)
    {
        lock (_gate)
        {
            _keepAliveUntil = timeSpan == Timeout.InfiniteTimeSpan || timeSpan == TimeSpan.MaxValue
                ? long.MaxValue
                : Silo.TimeProvider.GetTimestamp() + (long)(timeSpan.TotalSeconds * Silo.TimeProvider.TimestampFrequency);
        }
    }

    /// <summary>Deactivates it when no call used it for longer than its class allows.</summary>
    public void CollectIfIdle(long now, TimeSpan defaultAge)
    {
        var age = Class.CollectionAge ?? defaultAge;
        lock (_gate)
        {
            if (Class.IsKeptAlive
                || _state != ActivationState.Valid
                || _running.Count + _waiting.Count > 0
                || now < _keepAliveUntil
                || Silo.TimeProvider.GetElapsedTime(_lastUsed, now) < age)
            {
                return;
            }
        }

        Deactivate(new(DeactivationReasonCode.ActivationIdle, $"Activation exceeded its idle limit of {age}."));
    }

    public void EnterCallChain(Guid id)
    {
        lock (_gate)
        {
            _callChains ??= [];
            _callChains[id] = _callChains.GetValueOrDefault(id) + 1;
            QueuePump_NeedsLock();
        }
    }

    public void LeaveCallChain(Guid id)
    {
        lock (_gate)
        {
            if (_callChains is not null && _callChains.TryGetValue(id, out var count))
            {
                if (count > 1)
                {
                    _callChains[id] = count - 1;
                }
                else
                {
                    _callChains.Remove(id);
                }
            }
        }
    }

    public void Add(GrainTimer timer)
    {
        lock (_gate)
        {
            _timers.Add(timer);
        }
    }

    public void Remove(GrainTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }

    // With the first call in the queue, so that an activation that fails has a caller to tell.
    private void Start_NeedsLock()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            _scheduler.QueueAction(() => _ = ActivateAsync());
        }
    }

    private void QueuePump_NeedsLock()
    {
        if (_state is ActivationState.Activating or ActivationState.Invalid || _isPumpQueued)
        {
            return;
        }

        _isPumpQueued = true;
        if (!_isPumping)
        {
            _scheduler.QueueAction(_pump);
        }
    }

    /// <summary>Begins every waiting call that may run now, in order of arrival.</summary>
    private void Pump()
    {
        _isPumping = true;
        GrainCall? candidate = null;
        while (true)
        {
            GrainCall? call;
            lock (_gate)
            {
                if (_isPumpQueued)
                {
                    // Something came or ended since the last look: look from the first one again.
                    _isPumpQueued = false;
                    candidate = _waiting.First;
                }

                if (_state != ActivationState.Valid)
                {
                    candidate = null;
                    if (_state == ActivationState.Deactivating && _running.Count == 0 && !_isDestroying)
                    {
                        _isDestroying = true;
                        _ = DestroyAsync();
                    }
                }

                call = candidate;
                if (call is null)
                {
                    _isPumping = false;
                    return;
                }

                candidate = call.Next;
                if (!call.IsAbandoned)
                {
                    if (!MayRun_NeedsLock(call))
                    {
                        continue;
                    }

                    _waiting.Remove(call);
                    _running.Add(call);
                    if (_blocking is null && !call.IsAlwaysInterleave)
                    {
                        _blocking = call;
                    }
                }
                else
                {
                    _waiting.Remove(call);
                    continue;
                }
            }

            RequestContext.Current = call.RequestContext;
            call.Execute(this);
        }
    }

    private bool MayRun_NeedsLock(GrainCall call)
    {
        if (_running.Count == 0 || call.IsAlwaysInterleave || _blocking is null || Class.IsReentrant)
        {
            return true;
        }

        if (call.IsReadOnly && _blocking.IsReadOnly)
        {
            return true;
        }

        if (_callChains is { Count: > 0 }
            && call.RequestContext?.GetValueOrDefault(RequestContext.CallChainKey) is Guid chain
            && _callChains.ContainsKey(chain))
        {
            return true;
        }

        return Class.MayInterleave is { } mayInterleave
            && ((call.Request is { } incoming && mayInterleave(incoming))
                || (_blocking.Request is { } blocking && mayInterleave(blocking)));
    }

    private async Task ActivateAsync()
    {
        try
        {
            _scope = Silo.Services.CreateScope();
            _scope.ServiceProvider.GetRequiredService<ActivationScope>().Activation = this;
            GrainInstance = Class.CreateInstance(_scope.ServiceProvider);
            HasIncomingFilters = Silo.IncomingFilters.Length > 0 || GrainInstance is IIncomingGrainCallFilter;
            if (GrainInstance is IGrainBase grain)
            {
                using var timeout = new CancellationTokenSource(Silo.ActivationTimeout, Silo.TimeProvider);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _activation.Token);
                await grain.OnActivateAsync(either.Token).WaitAsync(either.Token);
            }
        }
        catch (Exception exception)
        {
            await FailActivationAsync(exception);
            return;
        }

        lock (_gate)
        {
            if (_state == ActivationState.Activating)
            {
                _state = _reason.ReasonCode == DeactivationReasonCode.None ? ActivationState.Valid : ActivationState.Deactivating;
                QueuePump_NeedsLock();
            }
        }
    }

    private async Task FailActivationAsync(Exception exception)
    {
        LogActivationFailed(exception, this);
        List<GrainCall> waiting;
        bool wasEnded;
        lock (_gate)
        {
            wasEnded = _reason.ReasonCode != DeactivationReasonCode.None;
            _state = ActivationState.Invalid;
            waiting = _waiting.Drain();
        }

        DisposeTimers();
        Silo.Remove(this);
        await DisposeInstanceAsync();
        foreach (var call in waiting)
        {
            if (wasEnded)
            {
                call.Forward();
            }
            else
            {
                call.Fail(exception);
            }
        }

        _deactivated.TrySetResult();
    }

    private async Task DestroyAsync()
    {
        // Behind the pump that found it idle.
        await Task.Yield();
        DisposeTimers();
        RequestContext.Clear();
        if (GrainInstance is IGrainBase grain)
        {
            try
            {
                using var timeout = new CancellationTokenSource(Silo.DeactivationTimeout, Silo.TimeProvider);
                await grain.OnDeactivateAsync(_reason, timeout.Token).WaitAsync(timeout.Token);
            }
            catch (Exception exception)
            {
                LogDeactivationFailed(exception, this);
            }
        }

        List<GrainCall> waiting;
        lock (_gate)
        {
            if (_state == ActivationState.Invalid)
            {
                return;
            }

            _state = ActivationState.Invalid;
            waiting = _waiting.Drain();
        }

        Silo.Remove(this);
        await DisposeInstanceAsync();
        foreach (var call in waiting)
        {
            call.Forward();
        }

        _deactivated.TrySetResult();
    }

    private async ValueTask DisposeInstanceAsync()
    {
        try
        {
            if (GrainInstance is IAsyncDisposable asyncDisposable)
            {
                await asyncDisposable.DisposeAsync();
            }
            else if (GrainInstance is IDisposable disposable)
            {
                disposable.Dispose();
            }

            if (_scope is IAsyncDisposable scope)
            {
                await scope.DisposeAsync();
            }
        }
        catch (Exception exception)
        {
            LogDisposalFailed(exception, this);
        }
    }

    private void DisposeTimers()
    {
        GrainTimer[] timers;
        lock (_gate)
        {
            timers = [.. _timers];
        }

        foreach (var timer in timers)
        {
            timer.Dispose();
        }
    }

    private ILogger Logger => Silo.Logger;

    private void LogActivationFailed(Exception exception, Activation activation) => LogActivationFailed(Logger, exception, activation);

    private void LogDeactivationFailed(Exception exception, Activation activation) => LogDeactivationFailed(Logger, exception, activation);

    private void LogDisposalFailed(Exception exception, Activation activation) => LogDisposalFailed(Logger, exception, activation);

    private void LogCancellationFailed(Exception exception, Activation activation) => LogCancellationFailed(Logger, exception, activation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Activation} failed to activate.")]
    private static partial void LogActivationFailed(ILogger logger, Exception exception, Activation activation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "OnDeactivateAsync of {Activation} failed.")]
    private static partial void LogDeactivationFailed(ILogger logger, Exception exception, Activation activation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Activation} failed to dispose.")]
    private static partial void LogDisposalFailed(ILogger logger, Exception exception, Activation activation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A callback of a cancelled call of {Activation} failed.")]
    private static partial void LogCancellationFailed(ILogger logger, Exception exception, Activation activation);
}
