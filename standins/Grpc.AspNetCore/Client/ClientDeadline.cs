namespace Grpc.Net.Client;

/// <summary>Calls back at a call's deadline.</summary>
internal sealed class ClientDeadline : IDisposable
{
    /// <summary>What one timer can wait for; a later deadline takes several turns.</summary>
    private static readonly TimeSpan LongestTurn = TimeSpan.FromDays(30);

    private readonly DateTime _deadline;
    private readonly Action _expired;
    private readonly ITimer _timer;

    public ClientDeadline(DateTime deadline, Action expired)
    {
        _deadline = deadline;
        _expired = expired;
        _timer = TimeProvider.System.CreateTimer(
            static state => ((ClientDeadline)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (!IsPast)
        {
            Schedule();
        }
    }

    public TimeSpan Remaining => _deadline - TimeProvider.System.GetUtcNow().UtcDateTime;

    public bool IsPast => Remaining <= TimeSpan.Zero;

    public void Dispose() => _timer.Dispose();

    private void Schedule()
    {
        // Rounded up to the timers' milliseconds, so that the deadline is past when the timer fires.
        var turn = Remaining + TimeSpan.FromMilliseconds(1);
        _timer.Change(turn < TimeSpan.Zero ? TimeSpan.Zero : turn < LongestTurn ? turn : LongestTurn, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        if (IsPast)
        {
            _expired();
        }
        else
        {
            Schedule();
        }
    }
}
