namespace Orleans.Inference.Grains.Scraping;

/// <summary>Slots by a <see cref="TimeProvider"/>'s timer.</summary>
internal sealed class TimerSlotDriver : ISlotDriver
{
    private readonly ITimer _timer;
    private readonly TimeSpan _slot;

    public TimerSlotDriver(TimeProvider time, TimeSpan slot, Func<TimeSpan> tick)
    {
        _slot = slot;
        _timer = time.CreateTimer(static tick => ((Func<TimeSpan>)tick!)(), tick, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start() => _timer.Change(TimeSpan.Zero, _slot);

    public void Stop() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();
}
