using Orleans.Inference.OrleansContracts.Support;

namespace Orleans.Inference.OrleansContracts.Lives;

public sealed class LifeTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private const string IdleEnd = "deactivated: ActivationIdle";

    [Fact]
    public async Task FirstCalls_ManyAtOnce_OneActivation()
    {
        var key = Key.New();
        var silos = fixture.Cluster.Silos.Select(s => (IGrainFactory)fixture.Cluster.GetSiloServiceProvider(s.SiloAddress)
            .GetService(typeof(IGrainFactory))!);
        IGrainFactory[] callers = [.. silos, fixture.Grains];

        var activations = await Task.WhenAll(
            Enumerable.Range(0, 60).Select(i => callers[i % callers.Length].GetGrain<ILifeGrain>(key).Activation())).Within();

        Assert.Single(activations.Distinct());

        // Instances that lost the race to be it may have been made and dropped, but were never activated.
        Assert.Single(LifeLog.Of(key), "activated");
    }

    [Fact]
    public async Task DeactivateOnIdle_NextCall_GetsANewActivation()
    {
        var key = Key.New();
        var grain = fixture.Grains.GetGrain<ILifeGrain>(key);
        var first = await grain.Activation().Within();

        await grain.End().Within();
        var second = await grain.Activation().Within();

        Assert.NotEqual(first, second);
        await AssertLivesAsync(key, "activated", "deactivated: ApplicationRequested", "activated");
    }

    [Fact]
    public async Task DeactivateOnIdle_CallRuns_DeactivatesWhenItIsOverAndServesTheWaitingOnesAnew()
    {
        var key = Key.New();
        var grain = fixture.Grains.GetGrain<ILifeGrain>(key);
        var first = await grain.Activation().Within();
        var running = grain.EndAndWaitAtGate();
        await Bounded.Until(() => Task.FromResult(LifeLog.Of(key).Contains("at the gate")));
        var waiting = Enumerable.Range(0, 5).Select(_ => grain.Activation()).ToArray();

        LifeGates.Open(key);
        await running.Within();
        var second = await Task.WhenAll(waiting).Within();

        Assert.DoesNotContain(first, second);
        Assert.Single(second.Distinct());
        await AssertLivesAsync(key, "activated", "at the gate", "left the gate", "deactivated: ApplicationRequested", "activated");
    }

    [Fact]
    public async Task DeactivateOnIdle_EveryCallEndsIt_WaitingCallsAreServedOrRejected()
    {
        var key = Key.New();
        var grain = fixture.Grains.GetGrain<ILifeGrain>(key);
        var first = grain.WaitAtGate();
        await Bounded.Until(() => grain.IsAtGate());
        var ends = Enumerable.Range(0, 30).Select(_ => Record.ExceptionAsync(() => grain.End())).ToArray();

        LifeGates.Open(key);
        await first.Within();
        var failures = await Task.WhenAll(ends).Within();

        // A call is forwarded twice by default; the one that meets a third activation that ends is rejected.
        Assert.All(failures.OfType<Exception>(), f => Assert.IsType<OrleansMessageRejectionException>(f));
        Assert.NotEqual(Guid.Empty, await grain.Activation().Within());
    }

    [Fact]
    public async Task Activation_Fails_CallerSeesItAndALaterCallTriesAgain()
    {
        var grain = fixture.Grains.GetGrain<IStubbornGrain>(Key.New());

        await Assert.ThrowsAsync<InvalidDataException>(() => grain.Attempts().Within());
        await Assert.ThrowsAsync<InvalidDataException>(() => grain.Attempts().Within());

        Assert.Equal(3, await grain.Attempts().Within());
    }

    [Fact]
    public async Task Collection_Idle_Deactivates()
    {
        var key = Key.New();
        var grain = fixture.Grains.GetGrain<ILifeGrain>(key);
        await grain.Activation().Within();

        await Collect();

        await Bounded.Until(() => Task.FromResult(LifeLog.Of(key).Contains(IdleEnd)));
    }

    [Fact]
    public async Task Collection_InACall_Spares()
    {
        var key = Key.New();
        var grain = fixture.Grains.GetGrain<ILifeGrain>(key);
        var before = await grain.Activation().Within();
        var running = grain.WaitAtGate();
        await Bounded.Until(() => grain.IsAtGate());

        await Collect();

        LifeGates.Open(key);
        await running.Within();
        Assert.Equal(before, await grain.Activation().Within());
    }

    [Fact]
    public async Task Collection_KeepAlive_Spares()
    {
        var grain = fixture.Grains.GetGrain<IKeptLifeGrain>(Key.New());
        var before = await grain.Activation().Within();

        await Collect();

        Assert.Equal(before, await grain.Activation().Within());
    }

    [Fact]
    public async Task Collection_Delayed_Spares()
    {
        var grain = fixture.Grains.GetGrain<ILifeGrain>(Key.New());
        var before = await grain.Activation().Within();
        await grain.DelayEnd(TimeSpan.FromHours(1)).Within();

        await Collect();

        Assert.Equal(before, await grain.Activation().Within());
    }

    /// <summary>
    /// Collects whatever is idle, until one has gone that was called last: all that were idle longer would have gone with it. Once is not enough, since a grain that is idle for no
    /// measurable time at all need not count as idle.
    /// </summary>
    private async Task Collect()
    {
        var last = Key.New();
        await fixture.Grains.GetGrain<ILifeGrain>(last).Activation().Within();
        await Bounded.Until(async () =>
        {
            await fixture.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero).Within();
            return LifeLog.Of(last).Contains(IdleEnd);
        });
    }

    /// <summary>
    /// What happened, in order. The first instance is disposed after its deactivation; whether before or after the next activation begins is nobody's promise.
    /// </summary>
    private static async Task AssertLivesAsync(string key, params string[] expected)
    {
        await Bounded.Until(() => Task.FromResult(LifeLog.Of(key).Contains("disposed")));
        var log = LifeLog.Of(key).ToList();
        Assert.True(log.IndexOf("disposed") > log.IndexOf("deactivated: ApplicationRequested"), string.Join(", ", log));
        Assert.Equal(expected, log.Where(what => what != "disposed"));
    }
}
