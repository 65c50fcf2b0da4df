using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Grains.Tests.Scraping;

public sealed class ScrapeTimesTests
{
    private const long Millisecond = TimeSpan.TicksPerMillisecond;

    private readonly Random _random = new(3);

    [Fact]
    public void NextDue_OnTime_IsAnIntervalLaterWithinTheJitter()
    {
        var times = Times(o => o.Jitter = 0.1);
        var pauses = Enumerable.Range(0, 1000).Select(_ => times.NextDue(1000 * Millisecond, 1001 * Millisecond, _random) - (1000 * Millisecond)).ToArray();

        Assert.InRange(pauses.Min(), 45 * Millisecond, 46 * Millisecond);
        Assert.InRange(pauses.Max(), 54 * Millisecond, 55 * Millisecond);
        Assert.InRange(pauses.Average(), 49.5 * Millisecond, 50.5 * Millisecond);
    }

    [Fact]
    public void NextDue_SlowAnswer_RestsHalfAnInterval() =>
        Assert.Equal(1325 * Millisecond, Times().NextDue(1000 * Millisecond, 1300 * Millisecond, _random));

    [Fact]
    public void FirstDelay_ManyServers_AreSpreadOverTheInterval()
    {
        var times = Times();
        var delays = Enumerable.Range(0, 1000).Select(_ => times.FirstDelay(_random) / Millisecond).ToArray();

        Assert.All(Enumerable.Range(0, 10), slot => Assert.InRange(delays.Count(d => d / 5 == slot), 60, 140));
    }

    [Fact]
    public void FirstDelay_LongInterval_IsUnderASecond() =>
        Assert.InRange(Times(o => o.Interval = TimeSpan.FromMinutes(10)).FirstDelay(_random), 0, 1000 * Millisecond);

    [Theory]
    [InlineData(1, 50)]
    [InlineData(2, 100)]
    [InlineData(3, 200)]
    [InlineData(5, 800)]
    [InlineData(6, 1000)]
    [InlineData(7, 1000)]
    [InlineData(64, 1000)]
    [InlineData(int.MaxValue, 1000)]
    public void NextTry_FailuresInARow_DoubleThePauseUpToTheBound(int failures, int milliseconds) =>
        Assert.Equal(milliseconds * Millisecond, Times(o => o.Jitter = 0).NextTry(failures, 0, _random));

    [Fact]
    public void NextTry_IntervalAboveTheBound_IsTheInterval() =>
        Assert.Equal(5000 * Millisecond, Times(o => (o.Jitter, o.Interval) = (0, TimeSpan.FromSeconds(5))).NextTry(3, 0, _random));

    private static ScrapeTimes Times(Action<ScrapeOptions>? configure = null)
    {
        var options = new ScrapeOptions();
        configure?.Invoke(options);
        return new ScrapeTimes(options, new StandingClock());
    }
}
