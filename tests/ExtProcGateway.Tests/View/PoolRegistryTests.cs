using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking;
using Orleans.Inference.TestKit;
using static Orleans.Inference.Grains.Tests.Fakes.TestData;

namespace Orleans.Inference.ExtProcGateway.Tests.View;

public sealed class PoolRegistryTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly GatewayOptions _options = new();

    [Fact]
    public void IsWarm_NoPools_IsFalse()
    {
        var registry = new PoolRegistry(_options, _time);
        Assert.False(registry.IsWarm);

        registry.Update([]);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.False(registry.IsWarm);
    }

    [Fact]
    public void IsWarm_OnePoolIsScraped_DoesNotWaitForTheOthers()
    {
        var registry = new PoolRegistry(_options, _time);
        registry.Update([Pool("p"), Pool("q"), Pool("r")]);
        registry.Find("ns/p")!.View = View("ns/p", 5, PoolView.NeverSampled);
        registry.Find("ns/q")!.View = View("ns/q", PoolView.NeverSampled);
        Assert.False(registry.IsWarm);

        registry.Find("ns/p")!.View = View("ns/p", 5, 7);

        Assert.True(registry.IsWarm);
    }

    [Fact]
    public void IsWarm_ServersThatWereTriedInVain_AreNotWaitedFor()
    {
        var registry = new PoolRegistry(_options, _time);
        registry.Update([Pool("p")]);
        var pool = registry.Find("ns/p")!;
        pool.View = View("ns/p", 5, PoolView.NeverSampled);
        Assert.False(registry.IsWarm);

        pool.AllTried = true;

        Assert.True(registry.IsWarm);
    }

    [Fact]
    public void IsWarm_PoolWithoutServers_CountsWhereThereIsNoOther()
    {
        var registry = new PoolRegistry(_options, _time);
        registry.Update([Pool("p"), Pool("q")]);
        registry.Find("ns/p")!.View = View("ns/p");
        Assert.False(registry.IsWarm);

        registry.Find("ns/q")!.View = View("ns/q");

        Assert.True(registry.IsWarm);
    }

    [Fact]
    public void IsWarm_NoPoolGetsWarm_IsTrueOnceTheFirstViewIsOldEnough()
    {
        var registry = new PoolRegistry(_options, _time);
        registry.Update([Pool("p"), Pool("q")]);
        _time.Advance(PoolRegistry.WarmUpLimit);
        Assert.False(registry.IsWarm);

        registry.Find("ns/p")!.View = View("ns/p", PoolView.NeverSampled);
        Assert.False(registry.IsWarm);
        _time.Advance(PoolRegistry.WarmUpLimit);

        Assert.True(registry.IsWarm);
    }

    [Fact]
    public void IsWarm_PoolsThatComeLater_DoNotTakeItBack()
    {
        var registry = new PoolRegistry(_options, _time);
        registry.Update([Pool("p")]);
        registry.Find("ns/p")!.View = View("ns/p", 5);
        Assert.True(registry.IsWarm);

        registry.Update([Pool("p"), Pool("q")]);

        Assert.True(registry.IsWarm);
    }

    [Fact]
    public void Update_PoolGone_HasNoViewAndIsNotServed()
    {
        _options.Listen["ns/fixed"] = 9100;
        var registry = new PoolRegistry(_options, _time);
        registry.Update([Pool("p"), Pool("fixed")]);
        var (gone, stays) = (registry.Find("ns/p")!, registry.Find("ns/fixed")!);
        gone.View = View("ns/p", 5);
        stays.View = View("ns/fixed", 5);

        registry.Update([]);

        Assert.Null(gone.View);
        Assert.Null(gone.Spec);
        Assert.Null(stays.View);
        Assert.Same(stays, Assert.Single(registry.Pools));
        Assert.False(registry.IsWarm);
    }

    [Fact]
    public void Update_PoolStays_KeepsItsStateAndTakesItsNewSpec()
    {
        var registry = new PoolRegistry(_options, _time);
        registry.Update([Pool("p", "old")]);
        var state = registry.Find("ns/p")!;
        state.View = View("ns/p", 5);

        registry.Update([Pool("p", "new"), Pool("q")]);

        Assert.Same(state, registry.Find("ns/p"));
        Assert.NotNull(state.View);
        Assert.Equal("new", state.Spec?.EndpointPicker?.Name);
    }

    private static PoolView View(string pool, params long[] sampledAt)
    {
        var count = sampledAt.Length;
        return new PoolView(
            pool,
            1,
            [.. Enumerable.Range(0, count).Select(i => new ModelServer($"s{i}", $"10.0.0.{i}:80", System.Collections.Frozen.FrozenDictionary<string, string>.Empty))],
            new LoadColumns(new int[count], new int[count], new double[count], sampledAt),
            [.. Enumerable.Repeat(LoraState.None, count)],
            new CacheConfig[count]);
    }
}
