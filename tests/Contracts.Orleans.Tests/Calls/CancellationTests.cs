using Orleans.Inference.OrleansContracts.Support;

namespace Orleans.Inference.OrleansContracts.Calls;

public sealed class CancellationTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private ICallGrain NewGrain(out string key) => fixture.Grains.GetGrain<ICallGrain>(key = Key.New());

    [Fact]
    public async Task Cancel_WhileTheCallRuns_CallerAndCalleeSeeIt()
    {
        var grain = NewGrain(out _);
        using var cancellation = new CancellationTokenSource();
        var call = grain.WaitForCancellation(cancellation.Token);
        await Bounded.Until(() => grain.IsWaiting());

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within());
        await Bounded.Until(() => grain.WasCancelled());
    }

    [Fact]
    public async Task Cancel_ThroughAGrainThatPassesTheTokenOn_ReachesTheLast()
    {
        var first = NewGrain(out _);
        var last = NewGrain(out var keyOfLast);
        using var cancellation = new CancellationTokenSource();
        var call = first.PassOn(keyOfLast, cancellation.Token);
        await Bounded.Until(() => last.IsWaiting());

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within());
        await Bounded.Until(() => last.WasCancelled());
    }

    [Fact]
    public async Task Call_TokenCancelledBefore_DoesNotRun()
    {
        var grain = NewGrain(out _);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => grain.AddUnlessCancelled(1, new CancellationToken(canceled: true)).Within());

        Assert.Equal(0, await grain.Sum().Within());
    }

    [Fact]
    public async Task Cancel_WhileTheCallWaits_CallerIsReleasedAndTheGrainIsNotHeldUp()
    {
        var grain = NewGrain(out _);
        var blocking = grain.WaitAtGate();
        await Bounded.Until(() => grain.IsWaiting());
        using var cancellation = new CancellationTokenSource();
        var waiting = grain.WaitForCancellation(cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Within());
        Assert.False(blocking.IsCompleted);

        // Whether the call is dropped or runs with a token that is cancelled: the news of it travels beside the calls.
        await grain.OpenGate().Within();
        await blocking.Within();
        Assert.Equal(2, await grain.AddUnlessCancelled(2, CancellationToken.None).Within());
    }

    [Fact]
    public async Task Call_TokenNeverCancelled_Returns()
    {
        using var cancellation = new CancellationTokenSource();

        Assert.Equal(3, await NewGrain(out _).AddUnlessCancelled(3, cancellation.Token).Within());
    }
}
