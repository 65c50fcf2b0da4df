namespace Orleans.Inference.Grains.Scraping;

/// <summary><see cref="ScrapeOptions"/> in timestamps of one <see cref="TimeProvider"/>, and the pauses that follow from them.</summary>
internal sealed class ScrapeTimes
{
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

    /// <summary>Where in its first interval a new server begins; within a second however long the interval is.</summary>
    public long FirstDelay(Random random) => (long)(Math.Min(Interval, Second) * random.NextDouble());

    /// <summary>When the next scrape is due after one that was due at <paramref name="dueAt"/> and ended well now.</summary>
    /// <remarks>A server that takes longer than an interval to answer gets half an interval of rest.</remarks>
    public long NextDue(long dueAt, long now, Random random) => Math.Max(dueAt + Jittered(Interval, random), now + (Interval / 2));

    /// <summary>When the next scrape is due after so many failures in a row.</summary>
    public long NextTry(int failures, long now, Random random)
    {
        var doublings = Math.Min(failures - 1, 30);
        var pause = Interval > _maxBackoff >> doublings ? _maxBackoff : Interval << doublings;
        return now + Jittered(pause, random);
    }

    private long Jittered(long span, Random random) => span + (long)(span * _jitter * ((2 * random.NextDouble()) - 1));
}
