using Orleans.Inference.TestKit;

namespace Orleans.Inference.Simulator.Tests.TestKit;

public sealed class ManualTimeProviderTests
{
    [Fact]
    public void Advance_OverTimers_FiresThemInOrderAtTheirTimes()
    {
        var time = new ManualTimeProvider();
        var start = time.GetTimestamp();
        var fired = new List<(string, double)>();
        using var late = time.CreateTimer(_ => fired.Add(("late", At())), null, TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        using var often = time.CreateTimer(_ => fired.Add(("often", At())), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        double At() => time.GetElapsedTime(start).TotalSeconds;

        time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal([("often", 1), ("late", 3), ("often", 3)], fired);
        Assert.Equal(4, At());
    }

    [Fact]
    public async Task Delay_OnThisClock_EndsWhenItIsAdvanced()
    {
        var time = new ManualTimeProvider();
        var delay = Task.Delay(TimeSpan.FromHours(1), time);

        time.Advance(TimeSpan.FromMinutes(59));
        Assert.False(delay.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(1));

        await delay.WaitAsync(Bounds.Wait);
    }
}
