using Orleans.Inference.OrleansContracts.Support;

namespace Orleans.Inference.OrleansContracts.Turns;

public sealed class TurnOrderTests(OneSiloFixture fixture) : IClassFixture<OneSiloFixture>
{
    private ITurnGrain NewGrain() => fixture.Grains.GetGrain<ITurnGrain>(Key.New());

    [Fact]
    public async Task Call_ManyAtOnce_OneAtATime()
    {
        var grain = NewGrain();

        var most = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => grain.Overlap())).Within();

        Assert.All(most, m => Assert.Equal(1, m));
    }

    [Fact]
    public async Task Call_WhileOneWaits_DoesNotStartUnlessItInterleaves()
    {
        var grain = NewGrain();
        var waiting = grain.WaitAtGate();
        await Bounded.Until(async () => await grain.Inside() == 1);

        var second = grain.WaitAtGate();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(1, await grain.Inside().Within());
        }

        Assert.False(second.IsCompleted);
        await grain.Open().Within();
        await Task.WhenAll(waiting, second).Within();
    }

    [Fact]
    public async Task Call_FromOneCallerToAnActiveGrainOfTheSilo_RunInOrderOfSending()
    {
        var grain = fixture.SiloGrains.GetGrain<ITurnGrain>(Key.New());

        // Calls that come before the grain is found may overtake each other.
        await grain.Inside().Within();

        await Task.WhenAll(Enumerable.Range(0, 300).Select(grain.Record)).Within();

        Assert.Equal(Enumerable.Range(0, 300), await grain.Recorded().Within());
    }

    [Fact]
    public async Task Call_ReadOnlyWhileReadOnlyRuns_Interleaves()
    {
        var grain = NewGrain();
        var first = grain.ReadAtGate();
        var second = grain.ReadAtGate();

        await Bounded.Until(async () => await grain.Inside() == 2);

        await grain.Open().Within();
        await Task.WhenAll(first, second).Within();
    }

    [Fact]
    public async Task Call_WriterWhileReadOnlyRuns_Waits()
    {
        var grain = NewGrain();
        var reader = grain.ReadAtGate();
        await Bounded.Until(async () => await grain.Inside() == 1);

        var writer = grain.Record(7);
        for (var i = 0; i < 20; i++)
        {
            await grain.Inside().Within();
        }

        Assert.False(writer.IsCompleted);
        await grain.Open().Within();
        await Task.WhenAll(reader, writer).Within();
    }

    [Fact]
    public async Task Call_ReentrantGrain_InterleavesAtAwaits()
    {
        var grain = fixture.Grains.GetGrain<IReentrantTurnGrain>(Key.New());

        var inside = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => grain.EnterAndWaitFor(10))).Within();

        Assert.All(inside, n => Assert.Equal(10, n));
    }

    [Fact]
    public async Task Call_ReentrantGrain_StillHasOneThreadAtATime()
    {
        var grain = fixture.Grains.GetGrain<IReentrantTurnGrain>(Key.New());

        var overlapped = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => grain.Spin())).Within();

        Assert.DoesNotContain(true, overlapped);
    }

    [Fact]
    public async Task Call_PredicateSaysSo_Interleaves()
    {
        var grain = fixture.Grains.GetGrain<IPredicateGrain>(Key.New());
        var waiting = grain.WaitAtGate();
        var count = grain.Count();

        await grain.OpenByName().Within();

        await waiting.Within();
        Assert.Equal(1, await count.Within());
    }

    [Theory]
    [InlineData("yield")]
    [InlineData("delay")]
    [InlineData("pool")]
    [InlineData("call")]
    public async Task Await_InATurn_ContinuesInATurn(string kindOfAwait)
    {
        var grain = fixture.Grains.GetGrain<ISchedulerGrain>(Key.New());

        Assert.True(await grain.StaysInTurnAfter(kindOfAwait).Within());
    }

    [Fact]
    public async Task TaskRun_InATurn_RunsOutsideOfIt()
    {
        var grain = fixture.Grains.GetGrain<ISchedulerGrain>(Key.New());

        Assert.True(await grain.TaskRunLeavesTheTurn().Within());
    }

    [Fact]
    public async Task CallCycle_NotReentrant_TimesOut()
    {
        var grain = fixture.Grains.GetGrain<IChainGrain>(Key.New());

        await Assert.ThrowsAsync<TimeoutException>(() => grain.CallThrough(Key.New(), allowReentrancy: false).Within());

        Assert.Equal(42, await grain.Answer().Within());
    }

    [Fact]
    public async Task CallCycle_CallChainReentrancyAllowed_Returns()
    {
        var grain = fixture.Grains.GetGrain<IChainGrain>(Key.New());

        Assert.Equal(42, await grain.CallThrough(Key.New(), allowReentrancy: true).Within());
    }
}
