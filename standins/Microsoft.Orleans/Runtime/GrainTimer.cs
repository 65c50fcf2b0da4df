using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

/// <summary>A timer whose ticks are turns of its activation. The next tick is due a period after the last one has ended.</summary>
internal sealed partial class GrainTimer : GrainCall, IGrainTimer
{
    private const double MaxDue = 0xfffffffe;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly ITimer _timer;
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _isTicking;
    private bool _isChanged;

    private GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        IsAlwaysInterleave = options.Interleave;
        IsKeepAlive = options.KeepAlive;
        IsLocalOnly = true;
        var suppressed = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        try
        {
            _timer = activation.Silo.TimeProvider.CreateTimer(
                static state => ((GrainTimer)state!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            suppressed.Dispose();
        }
    }

    public override bool IsAbandoned => _cancellation.IsCancellationRequested;

    public static IGrainTimer Register(IGrainContext context, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        Validate(options.DueTime, options.Period);
        if (RuntimeContext.Current is not { } current)
        {
            throw new InvalidSchedulingContextException(
                "There is no grain's turn here: a grain's timer is registered from the grain's own code, and not from Task.Run.");
        }

        if (!ReferenceEquals(current, context))
        {
            throw new InvalidOperationException("A grain's timer is registered by that grain.");
        }

        var timer = new GrainTimer(current, callback, options);
        current.Timers.Add(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, period);
        lock (_gate)
        {
            _dueTime = dueTime;
            _period = period;
            if (_isTicking)
            {
                _isChanged = true;
            }
            else
            {
                Arm_NeedsLock(dueTime);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_cancellation.IsCancellationRequested)
            {
                return;
            }
        }

        try
        {
            _cancellation.Cancel();
        }
        catch (AggregateException exception)
        {
            LogTickFailed(_activation.Silo.Logger, exception, _activation.GrainId);
        }

        _timer.Dispose();
        _activation.Timers.Remove(this);
    }

    public override void Execute(Activation activation) => _ = TickAsync();

    public override void Fail(Exception exception)
    {
    }

    public override void Forward(int maxForwards)
    {
    }

    private static void Validate(TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((long)dueTime.TotalMilliseconds, -1, nameof(dueTime));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dueTime.TotalMilliseconds, MaxDue, nameof(dueTime));
        ArgumentOutOfRangeException.ThrowIfLessThan((long)period.TotalMilliseconds, -1, nameof(period));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(period.TotalMilliseconds, MaxDue, nameof(period));
    }

    private void OnDue()
    {
        lock (_gate)
        {
            if (_isTicking || IsAbandoned)
            {
                return;
            }

            _isTicking = true;
        }

        _activation.TryEnqueueCall(this);
    }

    private async Task TickAsync()
    {
        lock (_gate)
        {
            _isChanged = false;
        }

        try
        {
            await _callback(_cancellation.Token);
        }
        catch (Exception exception)
        {
            LogTickFailed(_activation.Silo.Logger, exception, _activation.GrainId);
        }

        // Leaves the queue before the next tick may enter it.
        _activation.OnExecuted(this);
        lock (_gate)
        {
            _isTicking = false;
            Arm_NeedsLock(_isChanged ? _dueTime : _period);
        }
    }

    private void Arm_NeedsLock(TimeSpan due)
    {
        if (!IsAbandoned)
        {
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A timer of {Grain} failed.")]
    private static partial void LogTickFailed(ILogger logger, Exception exception, GrainId grain);
}
