using System.Collections.Frozen;
using Orleans.Inference.Picking.InFlight;

namespace Orleans.Inference.Picking.Tests.InFlight;

public sealed class LoadEstimateTests
{
    private static PoolView View(int[] queued, CacheConfig cache = default, long sampledAt = 1000) => new(
        "ns/p",
        1,
        [.. queued.Select((_, i) => new ModelServer($"ns/p{i}-rank-0", $"10.0.0.{i}:80", FrozenDictionary<string, string>.Empty))],
        new LoadColumns(queued, new int[queued.Length], new double[queued.Length], [.. queued.Select(_ => sampledAt)]),
        [.. queued.Select(_ => LoraState.None)],
        [.. queued.Select(_ => cache)]);

    [Fact]
    public void Fill_NothingBookedSince_IsTheViewsFigures()
    {
        var view = View([0, 3]);
        view.InFlight[0].Book(100, now: 500);
        var estimate = new LoadEstimate();

        estimate.Fill(view, [0, 1]);

        Assert.Equal([0, 3], estimate.Queued);
        Assert.Equal([0, 0], estimate.Running);
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
