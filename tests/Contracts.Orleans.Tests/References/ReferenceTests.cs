using Orleans.Inference.OrleansContracts.Support;

namespace Orleans.Inference.OrleansContracts.References;

public sealed class ReferenceTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private IReferenceGrain Grain(string key) => fixture.Grains.GetGrain<IReferenceGrain>(key);

    [Fact]
    public void GetGrain_SameKey_IsEqual()
    {
        var key = Key.New();

        Assert.Equal(Grain(key), Grain(key));
        Assert.Equal(Grain(key).GetHashCode(), Grain(key).GetHashCode());
        Assert.NotEqual(Grain(key), Grain(Key.New()));
    }

    [Fact]
    public async Task GetGrain_EachKindOfKey_GrainKnowsItsKey()
    {
        var guid = Guid.NewGuid();

        Assert.Equal("a/b c", await Grain("a/b c").OwnKey().Within());
        Assert.Equal(guid, await fixture.Grains.GetGrain<IGuidKeyGrain>(guid).OwnKey().Within());
        Assert.Equal(-7, await fixture.Grains.GetGrain<IIntegerKeyGrain>(-7).OwnKey().Within());
        Assert.Equal(guid, fixture.Grains.GetGrain<IGuidKeyGrain>(guid).GetPrimaryKey());
        Assert.Equal(-7, fixture.Grains.GetGrain<IIntegerKeyGrain>(-7).GetPrimaryKeyLong());
    }

    [Fact]
    public async Task AsReference_OfTheGrainItself_EqualsTheCallersReference()
    {
        var grain = Grain(Key.New());

        Assert.Equal(grain, await grain.Self().Within());
    }

    [Fact]
    public async Task Argument_Reference_CanBeCalledByTheCallee()
    {
        var key = Key.New();

        Assert.Equal(key, await Grain(Key.New()).KeyOf(Grain(key)).Within());
        Assert.Equal(key, await Grain(Key.New()).AskItsKey(Grain(key)).Within());
    }

    [Fact]
    public async Task GetGrainId_OfReferenceAndGrain_AreTheSame()
    {
        var grain = Grain(Key.New());

        Assert.Equal(grain.GetGrainId(), await grain.OwnId().Within());
        Assert.Equal(grain, fixture.Grains.GetGrain<IReferenceGrain>(grain.GetGrainId()));
    }

    [Fact]
    public void GetGrain_NoClassImplementsIt_Throws() =>
        Assert.Throws<ArgumentException>(() => fixture.Grains.GetGrain<INobodysGrain>("x"));

    [Fact]
    public async Task GetHosts_OnlyActive_AreTheSilos()
    {
        var hosts = await fixture.Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true).Within();

        Assert.Equal(
            fixture.Cluster.Silos.Select(s => s.SiloAddress).OrderBy(a => a.Endpoint.Port),
            hosts.Keys.OrderBy(a => a.Endpoint.Port));
        Assert.All(hosts.Values, s => Assert.Equal(SiloStatus.Active, s));
    }
}
