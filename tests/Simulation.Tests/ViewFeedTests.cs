using Orleans.Inference.Bench.Simulation.Runs;
using Orleans.Inference.Picking;
using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Simulation.Tests;

public sealed class ViewFeedTests : IEngineListener
{
    [Fact]
    public void Advance_RequestRuns_ShowsAfterItsFirstStepWasScrapedAndSent()
    {
        // One server: scrapes at 0, 50, 100 ms, frames at 0, 25, 50, … that arrive 2 ms later. The prompt's step ends at 30 ms, so the scrape at 50 ms sees the request, whose
        // frame leaves at 50 ms after it.
        var server = new SimulatedServer(new EngineOptions { PrefillTokensPerSecond = 1000 }, this);
        var feed = new ViewFeed([server]);
        server.Engine.Submit(new EngineRequest(new int[30], new int[1000]), TimeSpan.Zero);

        To(feed, server, 51);
        Assert.Equal(0, feed.View.Running[0]);
        Assert.Equal(0, feed.View.SampledAt[0]);

        To(feed, server, 52);
        Assert.Equal(1, feed.View.Running[0]);
        Assert.Equal(50, feed.View.SampledAt[0]);
        Assert.True(feed.View.KvUsage[0] > 0);
    }

    [Fact]
    public void View_NothingScraped_IsNeverSampled()
    {
        var feed = new ViewFeed([new SimulatedServer(new EngineOptions(), this), new SimulatedServer(new EngineOptions(), this)]);

        Assert.Equal([PoolView.NeverSampled, PoolView.NeverSampled], feed.View.SampledAt.ToArray());
        Assert.Equal(16, feed.View.Cache[1].BlockSize);
    }

    void IEngineListener.OnProgress(EngineRequest request, TimeSpan at)
    {
    }

    void IEngineListener.OnStep(BatchEngine engine)
    {
    }

    private static void To(ViewFeed feed, SimulatedServer server, int milliseconds)
    {
        var end = TimeSpan.FromMilliseconds(milliseconds);
        while (feed.NextEvent <= end)
        {
            var now = feed.NextEvent;
            server.Engine.Advance(now);
            feed.Advance(now);
        }
    }
}
