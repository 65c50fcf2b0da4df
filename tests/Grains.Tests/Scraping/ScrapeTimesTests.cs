using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Grains.Tests.Scraping;

public sealed class ScrapeTimesTests
{
    private const long Millisecond = TimeSpan.TicksPerMillisecond;

    private readonly Random _random = new(3);

    [Theory]
    [InlineData(1000, 1001, 1050)]
    [InlineData(1000, 1025, 1050)]
    [InlineData(1000, 1026, 1051)]
    [InlineData(1000, 1300, 1325)]
    [InlineData(1013, 1014, 1050)]
    [InlineData(1026, 1027, 1100)]
    public void NextDue_Answer_IsInPhaseUnlessItTookLongerThanHalfAnInterval(int due, int now, int next) =>
        Assert.Equal(next * Millisecond, Times().NextDue(due * Millisecond, now * Millisecond, phase: 0));

    [Fact]
    public void NextDue_LongInterval_IsAnIntervalLater() =>
        Assert.Equal(17_300 * Millisecond, Times(o => o.Interval = TimeSpan.FromSeconds(10)).NextDue(7_300 * Millisecond, 7_301 * Millisecond, phase: 0));

    [Fact]
    public void PhaseOf_FewServers_IsTheSameForAll() =>
        Assert.All(Enumerable.Range(0, 32), place => Assert.Equal(0, Times().PhaseOf(place)));

    [Fact]
    public void PhaseOf_ManyServers_IsSpreadOverTheInterval()
    {
        var times = Times();
        var phases = Enumerable.Range(0, 512).Select(times.PhaseOf).GroupBy(phase => phase).OrderBy(group => group.Key).ToList();

        // 16 groups of 32, an interval of 50 ms / 16 apart.
        Assert.Equal(Enumerable.Range(0, 16).Select(i => 50 * Millisecond * i / 16), phases.Select(group => group.Key));
        Assert.All(phases, group => Assert.Equal(32, group.Count()));
        Assert.Equal([0, 25 * Millisecond, 25 * Millisecond / 2], [times.PhaseOf(31), times.PhaseOf(32), times.PhaseOf(64)]);
    }

    [Theory]
    [InlineData(1000, 1050)]
    [InlineData(1001, 1050)]
    [InlineData(1049, 1050)]
    public void FirstDue_IsTheNextTimeOfItsPhase(int now, int due) => Assert.Equal(due * Millisecond, Times().FirstDue(now * Millisecond, phase: 0));

    [Fact]
    public void FirstDue_LongInterval_IsWithinASecond() =>
        Assert.Equal(1_000 * Millisecond, Times(o => o.Interval = TimeSpan.FromMinutes(10)).FirstDue(700 * Millisecond, phase: 0));

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
