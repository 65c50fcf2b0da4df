using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.View;
using static Orleans.Inference.Grains.Tests.Fakes.TestData;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.View;

public sealed class PoolRouterTests
{
    private const int SharedPort = 9002;

    private readonly GatewayOptions _options = new();

    [Fact]
    public void Resolve_OnePool_TakesItWhateverTheAuthority()
    {
        var (router, registry) = Make();
        registry.Update([Pool("p", "epp")]);

        Assert.Equal("ns/p", router.Resolve("anything|at|all", SharedPort)?.Pool);
    }

    [Fact]
    public void Resolve_PoolNamed_TakesItEvenBeforeItIsFound()
    {
        _options.PoolName = "p";
        _options.PoolNamespace = "ns";
        var (router, registry) = Make();
        var before = router.Resolve("other.ns", SharedPort);
        registry.Update([Pool("p", "epp"), Pool("q", "other")]);

        Assert.Equal("ns/p", before?.Pool);
        Assert.Same(before, router.Resolve("other.ns", SharedPort));
        Assert.Equal(["ns/p"], registry.Pools.Select(pool => pool.Pool));
    }

    [Theory]
    [InlineData("epp-p", "ns/p")]
    [InlineData("epp-p.ns", "ns/p")]
    [InlineData("epp-p.ns.svc:9002", "ns/p")]
    [InlineData("epp-q.ns.svc.cluster.local:9002", "ns/q")]
    [InlineData("outbound|9002||epp-q.ns.svc.cluster.local", "ns/q")]
    [InlineData("epp-q.elsewhere", null)]
    [InlineData("epp-x.ns", null)]
    [InlineData("q", null)]
    [InlineData("", null)]
    public void Resolve_SeveralPools_GoesByTheirPickersService(string authority, string? expected)
    {
        var (router, registry) = Make();
        registry.Update([Pool("p", "epp-p"), Pool("q", "epp-q"), Pool("r") with { EndpointPicker = null }]);

        Assert.Equal(expected, router.Resolve(authority, SharedPort)?.Pool);
        Assert.Equal(expected, router.Resolve(authority, SharedPort)?.Pool);
    }

    [Fact]
    public void Resolve_SameServiceNameInTwoNamespaces_NeedsTheNamespace()
    {
        var (router, registry) = Make();
        registry.Update([Pool("p", "epp", "one"), Pool("p", "epp", "two")]);

        Assert.Null(router.Resolve("epp:9002", SharedPort));
        Assert.Equal("two/p", router.Resolve("epp.two:9002", SharedPort)?.Pool);
    }

    [Fact]
    public void Resolve_OneServiceWithAPortForEachPool_GoesByThePort()
    {
        var (router, registry) = Make();
        registry.Update([Pool("p"), Pool("q") with { EndpointPicker = new("epp", 9102) }]);

        Assert.Equal("ns/q", router.Resolve("epp.ns.svc:9102", SharedPort)?.Pool);
        Assert.Equal("ns/p", router.Resolve("epp.ns.svc:9002", SharedPort)?.Pool);
        Assert.Null(router.Resolve("epp.ns.svc", SharedPort));
    }

    [Fact]
    public void Resolve_PortOfItsOwn_GoesBeforeTheAuthority()
    {
        _options.Listen["ns/q"] = 9100;
        var (router, registry) = Make();
        Assert.Equal("ns/q", router.Resolve("epp-p.ns", 9100)?.Pool);
        registry.Update([Pool("p", "epp-p"), Pool("q", "epp-q")]);

        Assert.Equal("ns/q", router.Resolve("epp-p.ns", 9100)?.Pool);
        Assert.Equal("ns/p", router.Resolve("epp-p.ns", SharedPort)?.Pool);
    }

    [Fact]
    public void Resolve_AfterPoolsChanged_FollowsThem()
    {
        var (router, registry) = Make();
        registry.Update([Pool("p", "epp-p"), Pool("q", "epp-q")]);
        Assert.Null(router.Resolve("epp-new.ns", SharedPort));

        registry.Update([Pool("p", "epp-p"), Pool("q", "epp-new")]);

        Assert.Equal("ns/q", router.Resolve("epp-new.ns", SharedPort)?.Pool);
        Assert.Null(router.Resolve("epp-q.ns", SharedPort));
    }

    [Fact]
    public void Resolve_KnownAuthority_AllocatesNothing()
    {
        var (router, registry) = Make();
        registry.Update([Pool("p", "epp-p"), Pool("q", "epp-q")]);
        var authority = "epp-q.ns.svc.cluster.local:9002";

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                router.Resolve(authority, SharedPort);
            }
        }));
    }

    [Fact]
    public void Resolve_ManyMadeUpAuthorities_AreNotAllKept()
    {
        var (router, registry) = Make();
        registry.Update([Pool("p", "epp-p"), Pool("q", "epp-q")]);
        for (var i = 0; i < 5_000; i++)
        {
            router.Resolve($"made-up-{i}", SharedPort);
        }

        Assert.NotEqual(0, AllocatedBytes.OfSteadyState(() => router.Resolve("made-up-4999", SharedPort)));
        Assert.Equal("ns/q", router.Resolve("epp-q.ns", SharedPort)?.Pool);
    }

    private (PoolRouter Router, PoolRegistry Registry) Make()
    {
        var registry = new PoolRegistry(_options, TimeProvider.System);
        return (new PoolRouter(registry, _options), registry);
    }
}
