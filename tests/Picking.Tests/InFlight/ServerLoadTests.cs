using FsCheck;
using FsCheck.Fluent;
using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Picking.Tests.InFlight;

public sealed class ServerLoadTests
{
    /// <summary>More than a server has room for at first.</summary>
    private static readonly InFlightFlow[] Flows = [.. Enumerable.Range(0, 9).Select(i => new InFlightFlow($"tenant-{i}", i % 2))];

    [Fact]
    public void Release_Twice_GivesBackOnce()
    {
        var load = new ServerLoad();
        var kept = load.Book(5, now: 1);
        var booking = load.Book(7, now: 2);
        Assert.Equal((2, 12L), (load.Requests, load.Tokens));

        booking.ReleasePrompt();
        booking.ReleasePrompt();
        Assert.Equal((2, 5L), (load.Requests, load.Tokens));
        booking.Release();
        booking.Release();

        Assert.Equal((1, 5L), (load.Requests, load.Tokens));
        kept.Release();
        Assert.Equal((0, 0L), (load.Requests, load.Tokens));
    }

    [Fact]
    public void ReleasePrompt_TokensOfTheAnswer_StayToTheEnd()
    {
        var load = new ServerLoad();
        var booking = load.Book(7, now: 1, Flows[0], outputTokens: 20);
        Assert.Equal((1, 27L), (load.Requests, load.Tokens));

        booking.ReleasePrompt();
        Assert.Equal((1, 20L), (load.Requests, load.Tokens));
        var flows = new List<FlowLoad>();
        load.CopyFlowsTo(flows);
        Assert.Equal((1, 20L), (flows.Single().Requests, flows.Single().Tokens));

        booking.Release();
        Assert.Equal((0, 0L), (load.Requests, load.Tokens));
    }

    [Fact]
    public void Release_OfNoBooking_DoesNothing()
    {
        var none = default(InFlightBooking);

        none.ReleasePrompt();
        none.Release();
    }

    [Fact]
    public void BookedSince_CountsOnlyLaterBookings_AlsoReleasedOnes()
    {
        var load = new ServerLoad();
        Assert.Equal((0, 0L), load.BookedSince(0));
        load.Book(1, now: 10);
        var second = load.Book(2, now: 20);
        load.Book(4, now: 30);
        second.Release();

        Assert.Equal((3, 7L), load.BookedSince(9));
        Assert.Equal((2, 6L), load.BookedSince(10));
        Assert.Equal((1, 4L), load.BookedSince(29));
        Assert.Equal((0, 0L), load.BookedSince(30));
        Assert.Equal((2, 6L), load.BookedSince(30, atLeast: 2));
        Assert.Equal((1, 4L), load.BookedSince(30, atLeast: 2, never: 20));
    }

    [Fact]
    public void BookedSince_MoreThanIsRemembered_CountsWhatIs()
    {
        var load = new ServerLoad();
        for (var i = 0; i < 1000; i++)
        {
            load.Book(1, now: 5);
        }

        Assert.Equal(ServerLoad.Recent, load.BookedSince(0).Requests);
        Assert.Equal(1000, load.Requests);
    }

    [Fact]
    public async Task Book_FromManyThreads_LosesNothing()
    {
        var load = new ServerLoad();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var booking = load.Book(3, now: i, Flows[i % Flows.Length]);
                if (i % 2 == 0)
                {
                    booking.ReleasePrompt();
                }

                booking.Release();
            }
        })));

        Assert.Equal((0, 0L), (load.Requests, load.Tokens));
        Assert.Empty(FlowsOf(load));
    }

    /// <summary>Against a plain list: whatever is booked and released in whatever order, counts are those of the open bookings, all together and flow by flow.</summary>
    [Fact]
    public void Counts_AnyOrderOfBookingsAndReleases_AreThoseOfTheOpenOnes() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(1, 1),
        Prop.ForAll(Gen.Choose(0, 40).ListOf().ToArbitrary(), steps =>
        {
            var load = new ServerLoad();
            var open = new List<(InFlightBooking Booking, InFlightFlow Flow, long Tokens)>();
            var now = 0L;
            foreach (var step in steps)
            {
                if (step < 20 || open.Count == 0)
                {
                    var flow = Flows[step % Flows.Length];
                    open.Add((load.Book(step, ++now, flow), flow, step));
                    continue;
                }

                var (booking, whose, _) = open[step % open.Count];
                if (step < 30)
                {
                    booking.ReleasePrompt();
                    open[step % open.Count] = (booking, whose, 0);
                }
                else
                {
                    booking.Release();
                    open.RemoveAt(step % open.Count);
                }
            }

            var expected = open.GroupBy(entry => entry.Flow).Select(flow => new FlowLoad(flow.Key, flow.Count(), flow.Sum(entry => entry.Tokens)));
            return load.Requests == open.Count && load.Tokens == open.Sum(entry => entry.Tokens) && expected.ToHashSet().SetEquals(FlowsOf(load));
        }));

    [Fact]
    public void Book_InTheSteadyState_AllocatesNothing()
    {
        var load = new ServerLoad();

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() =>
        {
            foreach (var flow in Flows)
            {
                var kept = load.Book(3, now: 1, flow);
                var booking = load.Book(4, now: 1, flow);
                booking.ReleasePrompt();
                booking.Release();
                kept.Release();
            }
        }));
    }

    private static List<FlowLoad> FlowsOf(ServerLoad load)
    {
        var flows = new List<FlowLoad>();
        load.CopyFlowsTo(flows);
        return flows;
    }
}
