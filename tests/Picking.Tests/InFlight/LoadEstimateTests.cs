using System.Collections.Frozen;
using FsCheck;
using FsCheck.Fluent;
using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.TestKit;

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

        estimate.Fill(view, [0, 1], now: 1030);

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

        estimate.Fill(view, [0, 1], now: 1030);

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

        estimate.Fill(view, [0, 1], now: 1030);

        Assert.Equal([3, 1], estimate.Running);
        Assert.Equal([0, 2], estimate.Queued);
        Assert.Equal([0.11, 0], estimate.KvUsage); // 160 + 16 tokens of 1,600
    }

    [Fact]
    public void Fill_FiguresLongNewerThanTheBookings_AreTrusted()
    {
        // The server never tells what it runs. Five seconds before its figures were read is long enough for what was booked then to be in them.
        var view = View([0, 0], new CacheConfig(BlockSize: 16, BlockCount: 100), sampledAt: 6_000);
        view.InFlight[0].Book(800, now: 1_000);
        view.InFlight[1].Book(800, now: 1_001);
        var estimate = new LoadEstimate();

        estimate.Fill(view, [0, 1], now: 6_030);

        Assert.Equal([0, 1], estimate.Running);
        Assert.Equal([0, 0.5], estimate.KvUsage);
    }

    [Fact]
    public void Fill_CacheSizeUnknown_StillTellsABookedServerFromAnIdleOne()
    {
        var view = View([0, 0]);
        view.InFlight[0].Book(160, now: 1010);
        var estimate = new LoadEstimate();

        estimate.Fill(view, [0, 1], now: 1030);

        Assert.True(estimate.KvUsage[0] > estimate.KvUsage[1]);
    }

    [Fact]
    public void Fill_BookedSinceTheScrapeAndEnded_IsForgotten()
    {
        var view = View([0, 0], sampledAt: 1000);
        var kept = view.InFlight[0].Book(10, now: 1005);
        for (var i = 0; i < 200; i++)
        {
            view.InFlight[0].Book(100, now: 1010).Release();
            view.InFlight[1].Book(100, now: 1010).Release();
        }

        var estimate = new LoadEstimate();
        estimate.Fill(view, [0, 1], now: 1030);
        Assert.Equal([1, 0], estimate.Running);
        Assert.Equal(0.0, estimate.KvUsage[1]);

        kept.Release();
        estimate.Fill(view, [0, 1], now: 1030);
        Assert.Equal([0, 0], estimate.Running);
        Assert.Equal([0.0, 0.0], estimate.KvUsage);
    }

    [Theory]
    [InlineData(3_010, 3)] // booked within the last two seconds: perhaps not in the figures, which show one
    [InlineData(3_011, 2)] // longer ago: only as far as more is in flight than the figures show
    [InlineData(9_000, 2)]
    public void Fill_NoLaterFigures_CountsBookingsForTwoSecondsInFull(long now, int running)
    {
        var view = View([0], sampledAt: 900, running: [1]);
        view.InFlight[0].Book(100, now: 1001);
        view.InFlight[0].Book(100, now: 1001);
        var estimate = new LoadEstimate();

        estimate.Fill(view, [0], now);

        Assert.Equal([running], estimate.Running);
    }

    [Fact]
    public void Fill_NeverScraped_CountsOnlyWhatIsInFlight()
    {
        var view = View([0], sampledAt: PoolView.NeverSampled);
        var booking = view.InFlight[0].Book(1, now: 1);
        var estimate = new LoadEstimate();

        booking.Release();
        estimate.Fill(view, [0], now: 1030);

        Assert.Equal([0], estimate.Running);
        Assert.Equal([0.0], estimate.KvUsage);
    }

    /// <summary>With nothing in flight a decision is that of the figures, whatever was booked before and whenever the figures were read; with something, no more than that is added.</summary>
    [Fact]
    public void Fill_AnyOrderOfBookingsAndReleases_AddsNoMoreThanIsInFlight() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(1, 1),
        Prop.ForAll(Gen.Choose(0, 99).ListOf().ToArbitrary(), Gen.Choose(0, 5_000).ToArbitrary(), (steps, sampled) =>
        {
            var view = View([sampled % 3], sampledAt: sampled % 5 == 0 ? PoolView.NeverSampled : sampled, running: [sampled % 2]);
            var open = new List<InFlightBooking>();
            var estimate = new LoadEstimate();
            var now = 0L;
            foreach (var step in steps)
            {
                now += step % 7 * 100;
                if (step < 40 || open.Count == 0)
                {
                    open.Add(view.InFlight[0].Book(step, now));
                }
                else
                {
                    open[step % open.Count].Release();
                    open.RemoveAt(step % open.Count);
                }

                estimate.Fill(view, [0], now);
                if (estimate.Running[0] - view.Running[0] > open.Count || estimate.Running[0] + estimate.Queued[0] < open.Count)
                {
                    return false;
                }
            }

            open.ForEach(booking => booking.Release());
            estimate.Fill(view, [0], now);
            return estimate.Running[0] == view.Running[0] && estimate.Queued[0] == view.Queued[0] && estimate.KvUsage[0] == 0;
        }));

    [Fact]
    public void Fill_InTheSteadyState_AllocatesNothing()
    {
        var view = View([0, 3]);
        for (var i = 0; i < 200; i++)
        {
            view.InFlight[0].Book(16, now: 1010);
        }

        var estimate = new LoadEstimate();
        int[] candidates = [0, 1];

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() => estimate.Fill(view, candidates, now: 1030)));
    }

    [Fact]
    public void Fill_NeverScraped_CountsEveryBooking()
    {
        var view = View([0], sampledAt: PoolView.NeverSampled);
        view.InFlight[0].Book(1, now: 1);
        var estimate = new LoadEstimate();

        estimate.Fill(view, [0], now: 1030);

        Assert.Equal([1], estimate.Running);
    }
}
