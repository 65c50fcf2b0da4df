namespace Orleans.Runtime;

/// <summary>Since when an activation is idle, and until when it is to be kept nonetheless. Used under the activation's lock.</summary>
internal sealed class IdleClock(TimeProvider timeProvider)
{
    private long _lastUsed = timeProvider.GetTimestamp();
    private long _keepUntil = long.MinValue;

    public void Use() => _lastUsed = timeProvider.GetTimestamp();

    public void Keep(TimeSpan time) => _keepUntil = time == Timeout.InfiniteTimeSpan || time == TimeSpan.MaxValue
        ? long.MaxValue
        : timeProvider.GetTimestamp() + (long)(time.TotalSeconds * timeProvider.TimestampFrequency);

    public bool HasPassed(TimeSpan age)
    {
        var now = timeProvider.GetTimestamp();
        return now >= _keepUntil && timeProvider.GetElapsedTime(_lastUsed, now) >= age;
    }
}
