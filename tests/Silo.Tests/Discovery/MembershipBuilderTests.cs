using System.Collections.Frozen;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.Silo.Discovery;

namespace Orleans.Inference.Silo.Tests.Discovery;

public sealed class MembershipBuilderTests
{
    private static readonly MembershipScope All = new();

    [Fact]
    public void Build_PodsOfThePool_BecomeOneModelServerForEachPort()
    {
        var pools = Build([Pool("ns", "p", [8000, 8001])], [Pod("ns", "b", "10.0.0.2"), Pod("ns", "a", "10.0.0.1")]);

        var pool = Assert.Single(pools);
        Assert.Equal(
            ["ns/a-rank-0 10.0.0.1:8000", "ns/a-rank-1 10.0.0.1:8001", "ns/b-rank-0 10.0.0.2:8000", "ns/b-rank-1 10.0.0.2:8001"],
            pool.Servers.Select(server => $"{server.Id} {server.Address}"));
        Assert.Equal("x", pool.Servers[0].Labels["app"]);
    }

    [Fact]
    public void Build_PodsThatDoNotServe_AreLeftOut()
    {
        var pools = Build(
            [Pool("ns", "p")],
            [
                Pod("ns", "not-ready", "10.0.0.1") with { Ready = false },
                Pod("ns", "deleting", "10.0.0.2") with { Deleting = true },
                Pod("ns", "no-ip", null),
                Pod("other", "elsewhere", "10.0.0.3"),
                Pod("ns", "unlabelled", "10.0.0.4") with { Labels = FrozenDictionary<string, string>.Empty },
                Pod("ns", "good", "10.0.0.5"),
            ]);

        Assert.Equal(["ns/good-rank-0"], Assert.Single(pools).Servers.Select(server => server.Id));
    }

    [Fact]
    public void Build_Selector_AllLabelsMustMatch()
    {
        var pool = Pool("ns", "p") with { Selector = Selector("app=x,tier=gold") };
        var gold = Pod("ns", "gold", "10.0.0.1") with { Labels = Texts(("app", "x"), ("tier", "gold"), ("more", "yes")) };
        var lead = Pod("ns", "lead", "10.0.0.2") with { Labels = Texts(("app", "x"), ("tier", "lead")) };

        Assert.Equal(["ns/gold-rank-0"], Assert.Single(Build([pool], [gold, lead])).Servers.Select(server => server.Id));
    }

    [Theory]
    [InlineData("8001", "ns/a-rank-1")]
    [InlineData(" 8002 , 8000,9999", "ns/a-rank-0,ns/a-rank-2")]
    [InlineData("8000,x,-1", "ns/a-rank-0")]
    [InlineData("", "")]
    [InlineData("9999", "")]
    public void Build_ActivePorts_KeepTheirRanks(string annotation, string expected)
    {
        var pod = Pod("ns", "a", "10.0.0.1") with { Annotations = Texts(("llm-d.ai/active-ports", annotation)) };

        Assert.Equal(expected, string.Join(",", Assert.Single(Build([Pool("ns", "p", [8000, 8001, 8002])], [pod])).Servers.Select(server => server.Id)));
    }

    [Fact]
    public void Build_OlderActivePortsAnnotation_CountsWithoutTheNewerOne()
    {
        var older = Pod("ns", "a", "10.0.0.1") with { Annotations = Texts(("inference.networking.k8s.io/active-ports", "8001")) };
        var both = Pod("ns", "b", "10.0.0.2") with { Annotations = Texts(("inference.networking.k8s.io/active-ports", "8001"), ("llm-d.ai/active-ports", "8000")) };

        Assert.Equal(["ns/a-rank-1", "ns/b-rank-0"], Assert.Single(Build([Pool("ns", "p", [8000, 8001])], [older, both])).Servers.Select(server => server.Id));
    }

    [Fact]
    public void Build_IPv6_IsBracketed() =>
        Assert.Equal("[fd00::1]:8000", Assert.Single(Assert.Single(Build([Pool("ns", "p")], [Pod("ns", "a", "FD00:0::1")])).Servers).Address);

    [Fact]
    public void Build_EngineLabel_NewerBeforeOlder()
    {
        var both = Pod("ns", "a", "10.0.0.1") with { Labels = Texts(("app", "x"), ("llm-d.ai/engine-type", "sglang"), ("inference.networking.k8s.io/engine-type", "vllm")) };
        var older = Pod("ns", "b", "10.0.0.2") with { Labels = Texts(("app", "x"), ("inference.networking.k8s.io/engine-type", "triton")) };

        Assert.Equal(["sglang", "triton", null], Assert.Single(Build([Pool("ns", "p")], [both, older, Pod("ns", "c", "10.0.0.3")])).Servers.Select(server => server.Engine));
    }

    [Fact]
    public void Build_PoolWithoutPods_IsThereAndEmpty() => Assert.Empty(Assert.Single(Build([Pool("ns", "p")], [])).Servers);

    [Fact]
    public void Build_PoolNameGiven_OnlyThatPool() =>
        Assert.Equal(["b/p"], Build([Pool("a", "p"), Pool("b", "p"), Pool("b", "q")], [], new() { PoolName = "p", PoolNamespace = "b" }).Select(pool => pool.Spec.Key));

    [Fact]
    public void Build_SameNameInBothGroups_TheWantedGroupCounts()
    {
        var v1 = Pool("ns", "p", [8000]);
        var older = v1 with { Spec = v1.Spec with { Group = "inference.networking.x-k8s.io", TargetPorts = [9000] } };

        Assert.Equal([8000], Assert.Single(Build([older, v1], [])).Spec.TargetPorts.ToArray());
        Assert.Equal([9000], Assert.Single(Build([v1, older], [], new() { PoolGroup = "inference.networking.x-k8s.io" })).Spec.TargetPorts.ToArray());
    }

    [Fact]
    public void Build_EndpointSelector_MakesAPoolOfItsOwn()
    {
        var options = new ProcessOptions();
        options.Gateway.PoolNamespace = "ns";
        options.Discovery.EndpointSelector = Selector("app=x");
        options.Discovery.EndpointTargetPorts = [8000, 8001];
        options.Discovery.StandalonePoolName = "my-epp";

        var pool = Assert.Single(Build([Pool("ns", "p")], [Pod("ns", "a", "10.0.0.1"), Pod("other", "b", "10.0.0.2")], MembershipScope.Of(options)));

        Assert.Equal("ns/my-epp", pool.Spec.Key);
        Assert.Equal(["ns/a-rank-0", "ns/a-rank-1"], pool.Servers.Select(server => server.Id));
    }

    [Fact]
    public void Build_SameObjectsInAnotherOrder_GiveTheSameRevision()
    {
        var a = Pod("ns", "a", "10.0.0.1");
        var b = Pod("ns", "b", "10.0.0.2");

        Assert.Equal(Build([Pool("ns", "p")], [a, b])[0].Revision, Build([Pool("ns", "p")], [b, a])[0].Revision);
        Assert.NotEqual(Build([Pool("ns", "p")], [a, b])[0].Revision, Build([Pool("ns", "p")], [a])[0].Revision);
    }

    private static System.Collections.Immutable.ImmutableArray<Orleans.Inference.Grains.Contracts.PoolMembership> Build(PoolObject[] pools, PodObject[] pods, MembershipScope? scope = null) =>
        MembershipBuilder.Build(new() { Pools = [.. pools], Pods = [.. pods] }, scope ?? All);

    private static PoolObject Pool(string ns, string name, int[]? ports = null) =>
        new(new() { Namespace = ns, Name = name, TargetPorts = [.. ports ?? [8000]] }, Selector("app=x"));

    private static LabelSelector Selector(string text) => LabelSelector.TryParse(text, out var selector, out _) ? selector : throw new ArgumentException(text);

    private static PodObject Pod(string ns, string name, string? ip) =>
        new() { Namespace = ns, Name = name, Ip = ip, Ready = true, Labels = Texts(("app", "x")) };

    private static FrozenDictionary<string, string> Texts(params (string Name, string Value)[] texts) => texts.ToFrozenDictionary(text => text.Name, text => text.Value);
}
