using Orleans.Inference.OrleansContracts.Support;

namespace Orleans.Inference.OrleansContracts.Turns;

public sealed class TurnOrderTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private ITurnGrain NewGrain() => fixture.Grains.GetGrain<ITurnGrain>(Guid.NewGuid().ToString());

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
}
