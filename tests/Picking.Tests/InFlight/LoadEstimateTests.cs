using System.Collections.Frozen;
using Orleans.Inference.Picking.InFlight;

namespace Orleans.Inference.Picking.Tests.InFlight;

public sealed class LoadEstimateTests
{
    private static PoolView View(int[] queued, CacheConfig cache = default, long sampledAt = 1000, int[]? running = null) => new(
        "ns/p",
        1,
        [.. queued.Select((_, i) => new ModelServer($"ns/p{i}-rank-0", $"10.0.0.{i}:80", FrozenDictionary<string, string>.Empty))],
        new LoadColumns(queued, running ?? new int[queued.Length], new double[queued.Length], [.. queued.Select(_ => sampledAt)]),
        [.. queued.Select(_ => LoraState.None)],
        [.. queued.Select(_ => cache)]);

    [Fact]
    public void Fill_FiguresShowWhatIsInFlight_IsTheViewsFigures()
    {
        var view = View([0, 3], running: [1, 0]);
        view.InFlight[0].Book(100, now: 500);
        var estimate = new LoadEstimate();

        estimate.Fill(view, [0, 1]);

        Assert.Equal([0, 3], estimate.Queued);
        Assert.Equal([1, 0], estimate.Running);
        Assert.Equal([0.0, 0.0], estimate.KvUsage);
        Assert.Equal([1, 0], estimate.InFlight.Requests);
        Assert.Equal([100L, 0L], estimate.InFlight.Tokens);
    }

    [Fact]
    public void Fill_BookedSinceTheScrape_AddsRequestsAndTheirShareOfTheCache()
    {
        var view = View([0, 3, 0], new CacheConfig(BlockSize: 16, BlockCount: 100));
        view.InFlight[0].Book(160, now: 1010);
        view.InFlight[1].Book(16, now: 1010);
        view.InFlight[1].Book(16, now: 1020);
        var estimate = new LoadEstimate();

        estimate.Fill(view, [0, 1]);

        Assert.Equal([0, 5, 0], estimate.Queued); // a server without a queue runs what comes
        Assert.Equal([1, 2, 0], estimate.Running);
        Assert.Equal([0.1, 0.02, 0], estimate.KvUsage); // 160 and 32 tokens of 1,600
    }

    [Fact]
    public void Fill_FiguresShowFewerThanAreInFlight_AddsTheNewest()
    {
        // Three in flight, all booked long before the scrape, of which the server shows one: it is in a long step since the other two came.
        var view = View([0, 2], new CacheConfig(BlockSize: 16, BlockCount: 100), running: [1, 1]);
        view.InFlight[0].Book(800, now: 500);
        view.InFlight[0].Book(160, now: 510);
        view.InFlight[0].Book(16, now: 520);
        view.InFlight[1].Book(800, now: 500);
        var estimate = new LoadEstimate();

        estimate.Fill(view, [0, 1]);

        Assert.Equal([3, 1], estimate.Running);
        Assert.Equal([0, 2], estimate.Queued);
        Assert.Equal([0.11, 0], estimate.KvUsage); // 160 + 16 tokens of 1,600
    }

    [Fact]
    public void Fill_CacheSizeUnknown_StillTellsABookedServerFromAnIdleOne()
    {
        var view = View([0, 0]);
        view.InFlight[0].Book(160, now: 1010);
        var estimate = new LoadEstimate();

        estimate.Fill(view, [0, 1]);

        Assert.True(estimate.KvUsage[0] > estimate.KvUsage[1]);
    }

    [Fact]
    public void Fill_NeverScraped_CountsEveryBooking()
    {
        var view = View([0], sampledAt: PoolView.NeverSampled);
        view.InFlight[0].Book(1, now: 1);
        var estimate = new LoadEstimate();

        estimate.Fill(view, [0]);

        Assert.Equal([1], estimate.Running);
    }
}
