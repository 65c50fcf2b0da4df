using Orleans.Inference.Simulator.Engine;
using Orleans.Inference.Simulator.ModelServer;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Simulator.Tests.ModelServer;

public sealed class EngineDriverTests
{
    [Fact]
    public async Task Submit_OnAManualClock_ReportsEachTokenWhenItsTimeHasCome()
    {
        var time = new ManualTimeProvider();
        var options = new EngineOptions { PrefillTokensPerSecond = 1_000, DecodeStep = TimeSpan.FromMilliseconds(10) };
        using var driver = new EngineDriver(options, time, lora: null);
        var feed = new GenerationFeed(choices: 1, streaming: true);
        driver.Submit([new EngineRequest(new int[20], new int[3]) { Tag = new GenerationChoice(feed, 0) }]);

        time.Advance(TimeSpan.FromMilliseconds(19));
        Assert.False(feed.Events.TryRead(out _));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(new GenerationEvent(0, 1, FinishReason.None), Read(feed));
        time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(new GenerationEvent(0, 2, FinishReason.None), Read(feed));
        Assert.Equal(new GenerationEvent(0, 3, FinishReason.Length), Read(feed));
        await feed.Events.Completion.WaitAsync(Bounds.Wait);
        Assert.Equal(0, time.ActiveTimers);
    }

    [Fact]
    public async Task Cancel_WaitingRequest_EndsItsFeed()
    {
        var time = new ManualTimeProvider();
        using var driver = new EngineDriver(new EngineOptions(), time, lora: null);
        var feed = new GenerationFeed(choices: 1, streaming: false);
        var request = new EngineRequest(new int[20], new int[3]) { Tag = new GenerationChoice(feed, 0) };
        driver.Submit([request]);

        driver.Cancel([request]);

        Assert.Equal(FinishReason.Abort, Read(feed).Finish);
        await feed.Events.Completion.WaitAsync(Bounds.Wait);
    }

    private static GenerationEvent Read(GenerationFeed feed)
    {
        Assert.True(feed.Events.TryRead(out var progress));
        return progress;
    }
}
