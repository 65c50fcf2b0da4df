using Orleans.Inference.OrleansContracts.Support;

namespace Orleans.Inference.OrleansContracts.Calls;

public sealed class CallTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private ICallGrain NewGrain() => fixture.Grains.GetGrain<ICallGrain>(Key.New());

    [Fact]
    public async Task OneWay_MethodStillRuns_CallIsOver()
    {
        var grain = NewGrain();

        await grain.WaitAtGateOneWay().Within();

        await Bounded.Until(() => grain.IsWaiting());
        await grain.OpenGate().Within();
        await Bounded.Until(async () => !await grain.IsWaiting());
    }

    [Fact]
    public async Task OneWay_MethodThrows_NoOneHearsIt()
    {
        var grain = NewGrain();

        await grain.ThrowOneWay().Within();

        Assert.Equal(0, await grain.Sum().Within());
    }

    [Fact]
    public async Task ResponseTimeout_Passed_ThrowsAndTheMethodGoesOn()
    {
        var grain = NewGrain();

        await Assert.ThrowsAsync<TimeoutException>(() => grain.WaitAtGateForASecond().Within());

        Assert.True(await grain.IsWaiting().Within());
        await grain.OpenGate().Within();
        await Bounded.Until(async () => !await grain.IsWaiting());
    }

    [Fact]
    public async Task RequestContext_Set_ReachesTheGrainAndTheNextOne()
    {
        RequestContext.Set("colour", "blue");

        Assert.Equal("blue", await NewGrain().ContextValue("colour").Within());
        Assert.Equal("blue", await NewGrain().ContextValueOfNext(Key.New(), "colour").Within());
        RequestContext.Clear();
    }

    [Fact]
    public async Task RequestContext_Removed_DoesNotReachTheGrain()
    {
        var grain = NewGrain();
        RequestContext.Set("shape", "round");
        await grain.ContextValue("shape").Within();

        RequestContext.Remove("shape");

        Assert.Null(await grain.ContextValue("shape").Within());
    }

    [Fact]
    public async Task RequestContext_SetByTheCallee_DoesNotComeBackNorStay()
    {
        var grain = NewGrain();

        await grain.SetContextValue("size", "large").Within();

        Assert.Null(RequestContext.Get("size"));
        Assert.Null(await grain.ContextValue("size").Within());
    }
}
