using Microsoft.Extensions.DependencyInjection;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.ModelServers;
using Orleans.Inference.Grains.Tests.Fakes;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Policies;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.View;

/// <summary>From model servers over real HTTP, through the grains of a cluster, to the views of gateways.</summary>
public sealed class ViewEndToEndTests : IAsyncLifetime
{
    private readonly List<StubModelServer> _servers = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task View_FiguresOfServers_ReachEveryGatewayAndStayFresh()
    {
        var (a, b) = (await ServerAsync("a"), await ServerAsync("b"));
        await using var cluster = await InferenceCluster.StartAsync(1);
        PoolRegistry[] gateways = [await cluster.StartGatewayAsync(coHosted: true), await cluster.StartGatewayAsync(coHosted: false)];
        (a.Queued, b.Queued, b.Adapter) = (3, 40, "sql");

        cluster.Publish(InferenceCluster.Pool("p", a, b));

        foreach (var gateway in gateways)
        {
            await Bounds.UntilAsync(
                () => Row(gateway, a) is { Queued: 3, Running: 4, Kv: 0.25, Adapters: "", Cache: { BlockSize: 16, BlockCount: 1000 } }
                    && Row(gateway, b) is { Queued: 40, Running: 41, Adapters: "sql" },
                "the figures are in the view");
            Assert.True(gateway.IsWarm);
            Assert.Equal("epp", gateway.Find("ns/p")!.Spec?.EndpointPicker?.Name);
        }

        var before = gateways.Select(gateway => Row(gateway, a)!.SampledAt).ToArray();
        (a.Queued, b.Adapter) = (7, "");
        for (var i = 0; i < gateways.Length; i++)
        {
            await Bounds.UntilAsync(() => Row(gateways[i], a)!.Queued == 7 && Row(gateways[i], b)!.Adapters == "", "changes are in the view");

            // Nothing changes at "b" any more, but its figures do not grow old.
            var at = Row(gateways[i], b)!.SampledAt;
            await Bounds.UntilAsync(() => Row(gateways[i], b)!.SampledAt > at, "figures are fresh");
            Assert.True(Row(gateways[i], a)!.SampledAt > before[i]);
        }
    }

    [Fact]
    public async Task View_MembershipChanges_AreFollowedAndWhatIsGoneIsNotScraped()
    {
        var (a, b, c) = (await ServerAsync("a"), await ServerAsync("b"), await ServerAsync("c"));
        await using var cluster = await InferenceCluster.StartAsync(1);
        var gateway = await cluster.StartGatewayAsync(coHosted: true);
        cluster.Publish(InferenceCluster.Pool("p", a, b), InferenceCluster.Pool("q", c));
        await Bounds.UntilAsync(() => Row(gateway, a) is not null && Row(gateway, b) is not null && Row(gateway, c, "ns/q") is not null, "all are in the views");

        cluster.Publish(InferenceCluster.Pool("p", b, c));

        await Bounds.UntilAsync(() => Row(gateway, a) is null && Row(gateway, b) is not null && Row(gateway, c) is { SampledAt: not PoolView.NeverSampled }, "the view follows");
        await Bounds.UntilAsync(() => gateway.Pools.Select(pool => pool.Pool).SequenceEqual(["ns/p"]), "the other pool is gone");
        await Bounds.UntilAsync(() => a.Connections == 0, "nobody scrapes what is gone");
        await Bounds.UntilAsync(() => c.Connections == 1, "one scraper is left where there were two");

        cluster.Publish();
        await Bounds.UntilAsync(() => gateway.Pools.IsEmpty && b.Connections + c.Connections == 0, "the last pool is gone");
        Assert.False(gateway.IsWarm);
        await Bounds.UntilAsync(() => Batcher(cluster).OutboxCount == 0, "nothing is kept for pools that are gone");
    }

    [Fact]
    public async Task Policies_OfAPool_ReachEveryGatewayChangeAndGoWithThePool()
    {
        await using var cluster = await InferenceCluster.StartAsync(1);
        PoolRegistry[] gateways = [await cluster.StartGatewayAsync(coHosted: true), await cluster.StartGatewayAsync(coHosted: false)];
        var policies = new PoolPolicySpec
        {
            Objectives = [new("batch", -10), new("chat", 10)],
            Models = [new("code", 100)],
            Rewrites = [TestData.Rewrite("rollout", ["llama"], ("llama-v1", 90), ("llama-v2", null)), TestData.Rewrite("rest", [], ("base", null))],
        };

        cluster.Publish(Pool(policies));

        foreach (var gateway in gateways)
        {
            await Bounds.UntilAsync(() => Policies(gateway).PriorityOf("batch") == -10, "the policies have come");
            Assert.NotNull(gateway.Find("ns/p")!.View);
            Assert.Equal((10, 0), (Policies(gateway).PriorityOf("chat"), Policies(gateway).PriorityOf("other")));
            Assert.True(Policies(gateway).TryGetModelPriority("code", out var priority));
            Assert.Equal(100, priority);
            Assert.Equal(["llama-v1:90 llama-v2:", "base:"], Policies(gateway).Rules.Select(rule => string.Join(' ', rule.Targets.Select(target => $"{target.Model}:{target.Weight}"))));
            Assert.Equal("base by rest", Rewrite(gateway, "any"));
        }

        // The view's grain starts anew, and what is known stays; then only a policy changes.
        await cluster.Cluster.Client.GetGrain<IPoolGrain>("ns/p").Delete();
        cluster.Publish(Pool(policies with { Rewrites = [TestData.Rewrite("rollout", ["llama"], ("llama-v2", null))] }));
        foreach (var gateway in gateways)
        {
            await Bounds.UntilAsync(() => Rewrite(gateway, "llama") == "llama-v2 by rollout", "the change has come");
            Assert.Null(Rewrite(gateway, "any"));
            Assert.Equal(-10, Policies(gateway).PriorityOf("batch"));
        }

        var states = gateways.Select(gateway => gateway.Find("ns/p")!).ToArray();
        cluster.Publish();
        await Bounds.UntilAsync(() => states.All(state => state.View is null), "the pool is gone");
        Assert.All(states, state => Assert.Same(PoolPolicies.None, state.Policies));

        static PoolMembership Pool(PoolPolicySpec policies) => PoolMembership.Create(InferenceCluster.Pool("p").Spec, [], policies);
        static PoolPolicies Policies(PoolRegistry gateway) => gateway.Find("ns/p")?.Policies ?? PoolPolicies.None;
        static string? Rewrite(PoolRegistry gateway, string model) => Policies(gateway).TryRewrite(model, new Random(1), out var target, out var rule) ? $"{target} by {rule}" : null;
    }

    [Fact]
    public async Task View_DeadAndHangingServers_CostTheOthersNothing()
    {
        var (alive, hanging, dead) = (await ServerAsync("alive"), await ServerAsync("hanging"), await ServerAsync("dead"));
        hanging.Hangs = true;
        await dead.DisposeAsync();
        _servers.Remove(dead);
        await using var cluster = await InferenceCluster.StartAsync(1);
        var gateway = await cluster.StartGatewayAsync(coHosted: true);
        cluster.Publish(InferenceCluster.Pool("p", dead, hanging, alive));
        await Bounds.UntilAsync(() => Row(gateway, alive) is { SampledAt: not PoolView.NeverSampled }, "the living one is scraped");

        var pool = cluster.Cluster.Client.GetGrain<IPoolGrain>("ns/p");
        await Bounds.UntilAsync(
            async () => (await pool.GetSnapshot())!.Health is [ModelServerHealth.Unreachable, ModelServerHealth.TimedOut, ModelServerHealth.Healthy],
            "the pool knows what is wrong with each");
        var (scrapes, sampledAt) = (alive.Scrapes, Row(gateway, alive)!.SampledAt);
        await Bounds.UntilAsync(() => alive.Scrapes > scrapes + 20 && Row(gateway, alive)!.SampledAt > sampledAt, "the living one goes on");

        Assert.Equal(PoolView.NeverSampled, Row(gateway, dead)!.SampledAt);
        Assert.Equal(PoolView.NeverSampled, Row(gateway, hanging)!.SampledAt);
    }

    [Fact]
    public async Task View_PoolGrainStartsAnew_KeepsWhatIsKnownAndGoesOn()
    {
        var a = await ServerAsync("a");
        a.Queued = 5;
        await using var cluster = await InferenceCluster.StartAsync(1);
        var gateway = await cluster.StartGatewayAsync(coHosted: true);
        cluster.Publish(InferenceCluster.Pool("p", a));
        await Bounds.UntilAsync(() => Row(gateway, a) is { Queued: 5 }, "the view is warm");
        var pool = cluster.Cluster.Client.GetGrain<IPoolGrain>("ns/p");
        var epoch = (await pool.GetSnapshot())!.Epoch;
        using var watch = new ViewWatch(gateway.Find("ns/p")!);

        await pool.Delete();

        await Bounds.UntilAsync(async () => await pool.GetSnapshot() is { } snapshot && snapshot.Epoch != epoch, "another activation has the membership");
        a.Queued = 6;
        await Bounds.UntilAsync(() => Row(gateway, a)!.Queued == 6, "the view goes on");
        Assert.Equal(0, await watch.StopAsync());
        await Bounds.UntilAsync(() => a.Connections == 1, "there is one scraper");
    }

    [Fact]
    public async Task View_SiloKilled_KeepsWhatIsKnownAndRecovers()
    {
        for (var i = 0; i < 12; i++)
        {
            await ServerAsync($"s{i}");
        }

        await using var cluster = await InferenceCluster.StartAsync(2);
        var gateway = await cluster.StartGatewayAsync(coHosted: true);
        cluster.Publish(InferenceCluster.Pool("p", _servers));
        await Bounds.UntilAsync(() => _servers.All(server => Row(gateway, server) is { SampledAt: not PoolView.NeverSampled }), "the view is warm");
        var silos = cluster.Cluster.Silos;
        Assert.All(silos, silo => Assert.NotEqual(0, silo.ServiceProvider.GetRequiredService<ReportBatcher>().OutboxCount));
        using var watch = new ViewWatch(gateway.Find("ns/p")!);

        await cluster.Cluster.KillSiloAsync(silos[1]);

        foreach (var server in _servers)
        {
            server.Queued = 9;
        }

        await Bounds.UntilAsync(() => _servers.All(server => Row(gateway, server)!.Queued == 9), "all servers are scraped again");
        Assert.Equal(0, await watch.StopAsync());
    }

    [Fact]
    public async Task View_GatewayLeaves_ItsSubscriptionEnds()
    {
        var a = await ServerAsync("a");
        await using var cluster = await InferenceCluster.StartAsync(1);
        cluster.Publish(InferenceCluster.Pool("p", a));
        var registry = new PoolRegistry(new ExtProcGateway.Hosting.GatewayOptions(), TimeProvider.System);
        using var gateway = new PoolViewSubscriber(
            cluster.Cluster.Client, registry, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<PoolViewSubscriber>.Instance);
        await gateway.StartAsync(default);
        await Bounds.UntilAsync(() => Row(registry, a) is { SampledAt: not PoolView.NeverSampled }, "the view is warm");

        await gateway.StopAsync(default);

        var version = registry.Find("ns/p")!.View!.Version;
        var scrapes = a.Scrapes;
        await Bounds.UntilAsync(() => a.Scrapes > scrapes + 10, "time passes");
        Assert.Equal(version, registry.Find("ns/p")!.View!.Version);
    }

    private static ReportBatcher Batcher(InferenceCluster cluster) => cluster.Cluster.GetSiloServiceProvider().GetRequiredService<ReportBatcher>();

    private static ViewRow? Row(PoolRegistry gateway, StubModelServer server, string pool = "ns/p") =>
        gateway.Find(pool)?.View is { } view ? ViewRow.Of(view, $"ns/{server.Name}-rank-0") : null;

    private async Task<StubModelServer> ServerAsync(string name)
    {
        var server = await StubModelServer.StartAsync(name);
        _servers.Add(server);
        return server;
    }
}
