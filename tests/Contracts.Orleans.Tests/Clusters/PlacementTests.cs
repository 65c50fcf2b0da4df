using Orleans.Inference.OrleansContracts.Lives;
using Orleans.Inference.OrleansContracts.Support;

namespace Orleans.Inference.OrleansContracts.Clusters;

public sealed class PlacementTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    [Fact]
    public async Task RandomPlacement_ManyGrains_IsEvenEnough()
    {
        const int Grains = 400;
        var where = await Task.WhenAll(
            Enumerable.Range(0, Grains).Select(i => fixture.Grains.GetGrain<IRandomlyPlacedGrain>(i).Where())).Within();

        // Half each, with a deviation of 10: 120 is eight deviations off.
        var counts = where.GroupBy(a => a).Select(g => g.Count()).ToArray();
        Assert.Equal(2, counts.Length);
        Assert.All(counts, c => Assert.InRange(c, 120, Grains - 120));
    }

    [Fact]
    public async Task HashPlacement_ManyGrains_UsesEverySilo()
    {
        var where = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => fixture.Grains.GetGrain<IHashPlacedGrain>(i).Where())).Within();

        Assert.Equal(2, where.Distinct().Count());
    }

    [Fact]
    public async Task PreferLocalPlacement_CalledByAGrain_IsBesideIt()
    {
        for (var i = 1000; i < 1020; i += 2)
        {
            var grain = fixture.Grains.GetGrain<ILocallyPlacedGrain>(i);

            Assert.Equal(await grain.Where().Within(), await grain.WhereNext(i + 1).Within());
        }
    }

    [Fact]
    public async Task PreferLocalPlacement_CalledThroughASilosFactory_IsInThatSilo()
    {
        var key = 2000;
        foreach (var silo in fixture.Cluster.Silos)
        {
            var factory = (IGrainFactory)fixture.Cluster.GetSiloServiceProvider(silo.SiloAddress).GetService(typeof(IGrainFactory))!;

            Assert.Equal(silo.SiloAddress, await factory.GetGrain<ILocallyPlacedGrain>(key++).Where().Within());
        }
    }

    [Fact]
    public async Task StatelessWorker_CalledThroughASilosFactory_IsInThatSilo()
    {
        foreach (var silo in fixture.Cluster.Silos)
        {
            var factory = (IGrainFactory)fixture.Cluster.GetSiloServiceProvider(silo.SiloAddress).GetService(typeof(IGrainFactory))!;

            Assert.Equal(silo.SiloAddress, await factory.GetGrain<IWorkerGrain>(1).Where().Within());
        }
    }

    [Fact]
    public async Task StatelessWorker_MoreCallsThanWorkers_RunAsManyAtOnceAsThereAreWorkers()
    {
        var gate = Key.New();
        var factory = (IGrainFactory)fixture.Cluster.GetSiloServiceProvider().GetService(typeof(IGrainFactory))!;
        var grain = factory.GetGrain<IWorkerGrain>(2);

        var calls = Enumerable.Range(0, 12).Select(_ => grain.WaitAtGate(gate)).ToArray();
        await Bounded.Until(() => Task.FromResult(LifeLog.Of(gate).Length == 3));

        Assert.All(calls, c => Assert.False(c.IsCompleted));
        Assert.Equal(3, LifeLog.Of(gate).Distinct().Count());
        LifeGates.Open(gate);
        var ran = await Task.WhenAll(calls).Within();
        Assert.InRange(ran.Distinct().Count(), 1, 3);
    }
}
