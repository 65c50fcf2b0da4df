namespace Orleans.Inference.OrleansContracts.Timers;

internal sealed class TimerGrain : Grain, ITimerGrain
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(5);

    private readonly TaskCompletionSource _gate = new();
    private IGrainTimer? _timer;
    private TaskScheduler? _schedulerOfCalls;
    private TaskScheduler? _schedulerOfTicks;
    private int _ticks;

    public Task StartCounting(bool interleave)
    {
        _schedulerOfCalls = TaskScheduler.Current;
        _timer = this.RegisterGrainTimer(
            Count, new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = Short, Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task<int> Ticks() => Task.FromResult(_ticks);

    public Task StartTicksThatWait()
    {
        _timer = this.RegisterGrainTimer(
            async state =>
            {
                _ticks += state;
                await _gate.Task;
            },
            1,
            new GrainTimerCreationOptions(TimeSpan.Zero, Short) { Interleave = true });
        return Task.CompletedTask;
    }

    public Task OpenGate()
    {
        _gate.TrySetResult();
        return Task.CompletedTask;
    }

    public Task StartFailing()
    {
        _timer = this.RegisterGrainTimer(
            () =>
            {
                _ticks++;
                throw new InvalidOperationException("this tick fails");
            },
            TimeSpan.Zero,
            Short);
        return Task.CompletedTask;
    }

    public Task StartThenChange()
    {
        _timer = this.RegisterGrainTimer(Count, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        _timer.Change(TimeSpan.Zero, Short);
        return Task.CompletedTask;
    }

    public Task StopCounting()
    {
        _timer?.Dispose();
        return Task.CompletedTask;
    }

    public async Task WaitForTicks(int ticks)
    {
        var until = _ticks + ticks;
        while (_ticks < until)
        {
            await Task.Delay(1);
        }
    }

    public async Task<int> TicksDuringACall()
    {
        var before = _ticks;
        await Task.Delay(Short * 20);
        return _ticks - before;
    }

    public Task<bool> TickedInATurn() => Task.FromResult(
        _schedulerOfTicks is not null && _schedulerOfTicks != TaskScheduler.Default && ReferenceEquals(_schedulerOfTicks, _schedulerOfCalls));

    public async Task<bool> DisposeInTick()
    {
        var cancelled = new TaskCompletionSource<bool>();
        _timer = this.RegisterGrainTimer(
            ct =>
            {
                _timer!.Dispose();
                cancelled.SetResult(ct.IsCancellationRequested);
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions(TimeSpan.Zero, Short) { Interleave = true });
        return await cancelled.Task;
    }

    public Task Stop()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task<bool> RegisterOutsideOfATurnIsRefused()
    {
        try
        {
            await Task.Run(() => this.RegisterGrainTimer(Count, Short, Short));
            return false;
        }
        catch (Exception exception) when (exception is InvalidOperationException or OrleansException)
        {
            return true;
        }
    }

    public Task StartOneShot()
    {
        _timer = this.RegisterGrainTimer(Count, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    private Task Count()
    {
        _schedulerOfTicks = TaskScheduler.Current;
        _ticks++;
        return Task.CompletedTask;
    }
}
