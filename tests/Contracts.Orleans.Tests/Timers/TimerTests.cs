using Orleans.Inference.OrleansContracts.Support;

namespace Orleans.Inference.OrleansContracts.Timers;

public sealed class TimerTests(OneSiloFixture fixture) : IClassFixture<OneSiloFixture>
{
    private ITimerGrain NewGrain() => fixture.Grains.GetGrain<ITimerGrain>(Key.New());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Timer_Periodic_TicksAgainAndAgainInTurns(bool interleave)
    {
        var grain = NewGrain();

        await grain.StartCounting(interleave).Within();

        await Bounded.Until(async () => await grain.Ticks() >= 5);
        Assert.True(await grain.TickedInATurn().Within());
    }

    [Fact]
    public async Task Timer_TickNotOver_DoesNotTickAgain()
    {
        var grain = NewGrain();
        await grain.StartTicksThatWait().Within();
        await Bounded.Until(async () => await grain.Ticks() == 1);

        // Twenty periods in which a second tick would be due.
        await grain.TicksDuringACall().Within();
        Assert.Equal(1, await grain.Ticks().Within());

        await grain.OpenGate().Within();
        await Bounded.Until(async () => await grain.Ticks() > 1);
    }

    [Fact]
    public async Task Timer_NotInterleaving_WaitsForTheCallToEnd()
    {
        var grain = NewGrain();
        await grain.StartCounting(interleave: false).Within();

        Assert.Equal(0, await grain.TicksDuringACall().Within());

        await Bounded.Until(async () => await grain.Ticks() > 0);
    }

    [Fact]
    public async Task Timer_Interleaving_TicksDuringACall()
    {
        var grain = NewGrain();
        await grain.StartCounting(interleave: true).Within();

        await grain.WaitForTicks(3).Within();
    }

    [Fact]
    public async Task Timer_TickFails_TicksAgain()
    {
        var grain = NewGrain();

        await grain.StartFailing().Within();

        await Bounded.Until(async () => await grain.Ticks() >= 3);
    }

    [Fact]
    public async Task Change_DueFarOff_TicksAsChanged()
    {
        var grain = NewGrain();

        await grain.StartThenChange().Within();

        await Bounded.Until(async () => await grain.Ticks() >= 3);
    }

    [Fact]
    public async Task Dispose_Running_TicksNoMore()
    {
        var grain = NewGrain();
        await grain.StartCounting(interleave: false).Within();
        await Bounded.Until(async () => await grain.Ticks() >= 2);

        await grain.StopCounting().Within();

        var ticks = await grain.Ticks().Within();
        await grain.TicksDuringACall().Within();
        Assert.Equal(ticks, await grain.Ticks().Within());
    }

    [Fact]
    public async Task Dispose_InItsOwnTick_CancelsTheToken() => Assert.True(await NewGrain().DisposeInTick().Within());

    [Fact]
    public async Task Timer_InfinitePeriod_TicksOnce()
    {
        var grain = NewGrain();

        await grain.StartOneShot().Within();

        await Bounded.Until(async () => await grain.Ticks() == 1);
        await grain.TicksDuringACall().Within();
        Assert.Equal(1, await grain.Ticks().Within());
    }

    [Fact]
    public async Task Deactivate_WithTimer_NextActivationHasNoTicks()
    {
        var grain = NewGrain();
        await grain.StartCounting(interleave: false).Within();
        await Bounded.Until(async () => await grain.Ticks() >= 1);

        await grain.Stop().Within();

        await Bounded.Until(async () => await grain.Ticks() == 0);
        await grain.TicksDuringACall().Within();
        Assert.Equal(0, await grain.Ticks().Within());
    }

    [Fact]
    public async Task Register_OutsideOfATurn_IsRefused() => Assert.True(await NewGrain().RegisterOutsideOfATurnIsRefused().Within());
}
