namespace Orleans.Inference.Picking;

/// <summary>The clock of <see cref="PoolView.SampledAt"/>.</summary>
public static class MonotonicClock
{
    /// <summary>Milliseconds of the process's monotonic clock: only differences mean something, and only within the process.</summary>
    public static long GetMilliseconds(this TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return time.ToMilliseconds(time.GetTimestamp());
    }

    /// <summary>A timestamp of <paramref name="time"/> in milliseconds of the same clock.</summary>
    public static long ToMilliseconds(this TimeProvider time, long timestamp)
    {
        ArgumentNullException.ThrowIfNull(time);

        // Split, because the product of a nanosecond count and 1,000 overflows within months.
        var (seconds, rest) = Math.DivRem(timestamp, time.TimestampFrequency);
        return (seconds * 1000) + (rest * 1000 / time.TimestampFrequency);
    }
}
