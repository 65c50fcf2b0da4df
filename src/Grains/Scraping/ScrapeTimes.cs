namespace Orleans.Inference.Grains.Scraping;

/// <summary><see cref="ScrapeOptions"/> in timestamps of one <see cref="TimeProvider"/>, and the pauses that follow from them.</summary>
internal sealed class ScrapeTimes
{
    /// <summary>Servers of a lane that are scraped at the same moment: one wake-up starts them and the next reads their answers, a millisecond of work each.</summary>
    internal const int ServersAtOnce = 32;

    private readonly double _jitter;
    private readonly long _maxBackoff;

    public ScrapeTimes(ScrapeOptions options, TimeProvider time)
    {
        var ticksPerSecond = time.TimestampFrequency;
        _jitter = options.Jitter;
        Interval = Ticks(options.Interval);
        Timeout = Ticks(options.Timeout);
        FilterRecheck = Ticks(options.FilterRecheck);
        Second = ticksPerSecond;
        _maxBackoff = Math.Max(Interval, Ticks(options.MaxBackoff));

        long Ticks(TimeSpan span) => Math.Max(1, (long)(span.TotalSeconds * ticksPerSecond));
    }

    public long Interval { get; }

    public long Timeout { get; }

    public long FilterRecheck { get; }

    public long Second { get; }

    /// <summary>
    /// Where in each interval a server is scraped: the first <see cref="ServersAtOnce"/> of a lane at its beginning, the next in its middle, then at its quarters, and so on, so that however many there
    /// are, few wake-ups serve them and none has much to do.
    /// </summary>
    /// <param name="place">Servers that the lane had before.</param>
    public long PhaseOf(int place)
    {
        var part = 0.0;
        var weight = 0.5;
        for (var group = place / ServersAtOnce; group > 0; group >>= 1, weight /= 2)
        {
            part += (group & 1) * weight;
        }

        return (long)(Math.Min(Interval, Second) * part);
    }

    /// <summary>When the first scrape of a server is due: within an interval, and within a second however long that is.</summary>
    public long FirstDue(long now, long phase) => NextInPhase(now + 1, Math.Min(Interval, Second), phase);

    /// <summary>When the next scrape is due after one that was due at <paramref name="dueAt"/> and ended well now.</summary>
    /// <remarks>A server that takes longer than half an interval to answer gets that much rest; another comes back into its phase.</remarks>
    public long NextDue(long dueAt, long now, long phase)
    {
        var rested = now + (Interval / 2);
        return now - dueAt > Interval / 2 ? rested : Interval > Second ? dueAt + Interval : NextInPhase(rested, Interval, phase);
    }

    /// <summary>When the next scrape is due after so many failures in a row.</summary>
    public long NextTry(int failures, long now, Random random)
    {
        var doublings = Math.Min(failures - 1, 30);
        var pause = Interval > _maxBackoff >> doublings ? _maxBackoff : Interval << doublings;
        return now + Jittered(pause, random);
    }

    private static long NextInPhase(long earliest, long period, long phase)
    {
        var due = earliest - (earliest % period) + phase;
        return due < earliest ? due + period : due;
    }

    private long Jittered(long span, Random random) => span + (long)(span * _jitter * ((2 * random.NextDouble()) - 1));
}
