namespace Orleans.Runtime;

/// <summary>One instance of a grain in one silo: its queue of calls, its turns, its life.</summary>
internal sealed class Activation : IGrainContext, ICallTarget, IDisposable
{
    private readonly Lock _gate = new();
    private readonly ActivationScheduler _scheduler;
    private readonly TaskCompletionSource _deactivated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _activation = new();
    private readonly Action _pump;
    private readonly TurnQueue _turns;
    private readonly IdleClock _idle;
    private ActivationState _state;
    private bool _isStarted;
    private bool _isPumpQueued;
    private bool _isPumping;
    private bool _isDestroying;
    private DeactivationReason _reason;
    private GrainInstance? _instance;
    private GrainReference? _reference;

    public Activation(Silo silo, GrainClass grainClass, GrainId id)
    {
        Silo = silo;
        Class = grainClass;
        GrainId = id;
        _scheduler = new ActivationScheduler(this);
        _pump = Pump;
        _turns = new TurnQueue(grainClass);
        _idle = new IdleClock(silo.TimeProvider);
    }

    public Silo Silo { get; }

    public GrainClass Class { get; }

    public GrainId GrainId { get; }

    public object? GrainInstance => _instance?.Grain;

    public GrainReference GrainReference =>
        _reference ??= GrainReference.Create(Silo, GrainInterface.Of(typeof(IAddressable)), GrainId);

    public IServiceProvider ActivationServices => _instance?.Services ?? Silo.Services;

    public IWorkItemScheduler Scheduler => _scheduler;

    public GrainTimers Timers { get; } = new();

    public Task Deactivated => _deactivated.Task;

    public bool HasIncomingFilters { get; private set; }

    /// <summary>Calls that run or wait.</summary>
    public int Load
    {
        get
        {
            lock (_gate)
            {
                return _turns.Load;
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

            _turns.Add(call);
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
            ActivationLog.CancellationFailed(Silo.Logger, exception, this);
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

            _turns.End(call);
            if (call.IsKeepAlive)
            {
                _idle.Use();
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
            lost = _turns.DrainAll();
        }

        Timers.DisposeAll();
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
            _idle.Keep(timeSpan);
        }
    }

    /// <summary>Deactivates it when no call used it for longer than its class allows.</summary>
    public void CollectIfIdle(TimeSpan defaultAge)
    {
        var age = Class.CollectionAge ?? defaultAge;
        lock (_gate)
        {
            if (Class.IsKeptAlive || _state != ActivationState.Valid || _turns.Load > 0 || !_idle.HasPassed(age))
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
            _turns.EnterCallChain(id);
            QueuePump_NeedsLock();
        }
    }

    public void LeaveCallChain(Guid id)
    {
        lock (_gate)
        {
            _turns.LeaveCallChain(id);
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
        while (true)
        {
            GrainCall? call;
            lock (_gate)
            {
                if (_isPumpQueued)
                {
                    _isPumpQueued = false;
                    _turns.Rewind();
                }

                if (_state == ActivationState.Deactivating && !_turns.IsRunning && !_isDestroying)
                {
                    _isDestroying = true;
                    _ = DestroyAsync();
                }

                call = _state == ActivationState.Valid ? _turns.StartNext() : null;
                if (call is null)
                {
                    _isPumping = false;
                    return;
                }
            }

            RequestContext.Current = call.RequestContext;
            call.Execute(this);
        }
    }

    private async Task ActivateAsync()
    {
        try
        {
            _instance = new GrainInstance(this);
            var instance = _instance.Create(Class);
            HasIncomingFilters = Silo.IncomingFilters.Length > 0 || instance is IIncomingGrainCallFilter;
            if (instance is IGrainBase grain)
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

    private Task FailActivationAsync(Exception exception)
    {
        ActivationLog.ActivationFailed(Silo.Logger, exception, this);
        Timers.DisposeAll();

        // One that was told to end before it had begun has not failed: the next one serves its calls.
        return _reason.ReasonCode == DeactivationReasonCode.None ? EndAsync(call => call.Fail(exception)) : EndAsync(Forward);
    }

    private async Task DestroyAsync()
    {
        // Behind the pump that found it idle.
        await Task.Yield();
        Timers.DisposeAll();
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
                ActivationLog.DeactivationFailed(Silo.Logger, exception, this);
            }
        }

        await EndAsync(Forward);
    }

    private async Task EndAsync(Action<GrainCall> settle)
    {
        List<GrainCall> waiting;
        lock (_gate)
        {
            if (_state == ActivationState.Invalid)
            {
                return;
            }

            _state = ActivationState.Invalid;
            waiting = _turns.DrainWaiting();
        }

        Silo.Remove(this);
        try
        {
            if (_instance is { } instance)
            {
                await instance.DisposeAsync();
            }
        }
        catch (Exception exception)
        {
            ActivationLog.DisposalFailed(Silo.Logger, exception, this);
        }

        foreach (var call in waiting)
        {
            settle(call);
        }

        _deactivated.TrySetResult();
    }

    private void Forward(GrainCall call) => call.Forward(Silo.MaxForwardCount);
}
