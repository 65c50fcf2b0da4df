using Orleans.Inference.OrleansContracts.Calls;
using Orleans.Inference.OrleansContracts.Lives;
using Orleans.Inference.OrleansContracts.Support;
using Orleans.TestingHost;

namespace Orleans.Inference.OrleansContracts.Clusters;

/// <summary>Each test has a cluster of its own, for it ends some of its silos.</summary>
public sealed class SiloDeathTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        var builder = new TestClusterBuilder(3);
        builder.AddSiloBuilderConfigurator<QuickMembership>();
        builder.AddClientBuilderConfigurator<QuickMembership>();
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Kill_ItsGrains_AnswerAgainFromOtherSilos()
    {
        var victim = _cluster.SecondarySilos[0];
        var lost = await GrainsIn(victim, 5);
        var before = await Task.WhenAll(lost.Select(g => g.Activation())).Within();

        await _cluster.KillSiloAsync(victim);

        foreach (var (grain, activation) in lost.Zip(before))
        {
            Assert.NotEqual(activation, await Retried(() => grain.Activation()));
            Assert.NotEqual(victim.SiloAddress, await Retried(() => grain.Where()));
        }
    }

    [Fact]
    public async Task Kill_OtherSilosGrains_AreNotTouched()
    {
        var spared = await GrainsIn(_cluster.SecondarySilos[1], 5);
        var before = await Task.WhenAll(spared.Select(g => g.Activation())).Within();

        await _cluster.KillSiloAsync(_cluster.SecondarySilos[0]);

        foreach (var (grain, activation) in spared.Zip(before))
        {
            Assert.Equal(activation, await Retried(() => grain.Activation()));
        }
    }

    [Fact]
    public async Task Kill_CallInFlight_Fails()
    {
        var victim = _cluster.SecondarySilos[0];
        var grain = (await GrainsIn(victim, 1))[0];
        var key = grain.GetPrimaryKeyString();
        var running = grain.WaitAtGate();
        await Bounded.Until(() => grain.IsAtGate());

        await _cluster.KillSiloAsync(victim);

        // SiloUnavailableException, or a rejection, or the end of the wait for a response, as the caller comes to know of it.
        var failure = await Record.ExceptionAsync(() => running.Within());
        Assert.True(failure is OrleansException or TimeoutException or ObjectDisposedException, $"{failure?.GetType()}: {failure?.Message}");
        LifeGates.Open(key);
    }

    [Fact]
    public async Task Stop_ItsGrains_DeactivateAndGoOnElsewhere()
    {
        var leaving = _cluster.SecondarySilos[0];
        var moved = await GrainsIn(leaving, 5);

        await _cluster.StopSiloAsync(leaving);

        foreach (var grain in moved)
        {
            Assert.Contains("deactivated: ShuttingDown", LifeLog.Of(grain.GetPrimaryKeyString()));
            Assert.NotEqual(leaving.SiloAddress, await Retried(() => grain.Where()));
        }
    }

    [Fact]
    public async Task Stop_CallInFlight_IsLetFinish()
    {
        var leaving = _cluster.SecondarySilos[0];
        var grain = (await GrainsIn(leaving, 1))[0];
        var running = grain.WaitAtGate();
        await Bounded.Until(() => grain.IsAtGate());

        var stopping = _cluster.StopSiloAsync(leaving);
        LifeGates.Open(grain.GetPrimaryKeyString());

        await running.Within();
        await stopping.Within();
    }

    [Fact]
    public async Task Start_AnotherSilo_GetsGrains()
    {
        var added = await _cluster.StartAdditionalSiloAsync(startAdditionalSiloOnNewPort: true);
        await _cluster.WaitForLivenessToStabilizeAsync();

        Assert.NotEmpty(await GrainsIn(added, 1));
    }

    [Fact]
    public async Task Kill_ThenStartAnother_ClusterIsWhole()
    {
        await _cluster.KillSiloAsync(_cluster.SecondarySilos[0]);
        await _cluster.WaitForLivenessToStabilizeAsync(didKill: true);
        await _cluster.StartAdditionalSiloAsync(startAdditionalSiloOnNewPort: true);
        await _cluster.WaitForLivenessToStabilizeAsync();

        Assert.Equal(3, _cluster.Silos.Count(s => s.IsActive));
        Assert.Equal(0, await Retried(() => _cluster.GrainFactory.GetGrain<ICallGrain>(Key.New()).Sum()));
    }

    /// <summary>Calls as callers must: a silo's death is an exception that another try outlives.</summary>
    private static async Task<T> Retried<T>(Func<Task<T>> call)
    {
        using var limit = new CancellationTokenSource(Bounded.Limit);
        while (true)
        {
            try
            {
                return await call().Within();
            }
            catch (OrleansException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(20, limit.Token);
            }
        }
    }

    private async Task<List<ILifeGrain>> GrainsIn(SiloHandle silo, int count)
    {
        var found = new List<ILifeGrain>();
        await Bounded.Until(async () =>
        {
            var grain = _cluster.GrainFactory.GetGrain<ILifeGrain>(Key.New());
            if (silo.SiloAddress.Equals(await Retried(() => grain.Where())))
            {
                found.Add(grain);
            }

            return found.Count == count;
        });
        return found;
    }
}
