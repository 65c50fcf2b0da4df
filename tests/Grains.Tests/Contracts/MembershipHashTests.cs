using Orleans.Inference.Grains.Contracts;
using static Orleans.Inference.Grains.Tests.Fakes.TestData;

namespace Orleans.Inference.Grains.Tests.Contracts;

public sealed class MembershipHashTests
{
    [Fact]
    public void Create_OtherOrder_HasTheSameRevision()
    {
        var one = PoolMembership.Create(Pool(), [Server("a", labels: [("x", "1"), ("y", "2")]), Server("b")]);
        var other = PoolMembership.Create(Pool(), [Server("b"), Server("a", labels: [("y", "2"), ("x", "1")])]);

        Assert.Equal(one.Revision, other.Revision);
    }

    [Fact]
    public void Create_AnyDifference_HasAnotherRevision()
    {
        PoolMembership[] memberships =
        [
            PoolMembership.Create(Pool(), []),
            PoolMembership.Create(Pool("q"), []),
            PoolMembership.Create(Pool() with { FailureMode = FailureMode.FailOpen }, []),
            PoolMembership.Create(Pool() with { EndpointPicker = null }, []),
            PoolMembership.Create(Pool() with { TargetPorts = [8000, 8001] }, []),
            PoolMembership.Create(Pool() with { AppProtocol = "" }, []),
            PoolMembership.Create(Pool(), [Server("a")]),
            PoolMembership.Create(Pool(), [Server("a"), Server("a")]),
            PoolMembership.Create(Pool(), [Server("b")]),
            PoolMembership.Create(Pool(), [Server("a", "10.0.0.2")]),
            PoolMembership.Create(Pool(), [Server("a", port: 8001)]),
            PoolMembership.Create(Pool(), [Server("a", labels: ("x", "1"))]),
            PoolMembership.Create(Pool(), [Server("a", labels: ("x1", ""))]),
            PoolMembership.Create(Pool(), [Server("a", labels: [("x", "1"), ("y", "2")])]),
            PoolMembership.Create(Pool(), [Server("a", labels: [("x", "2"), ("y", "1")])]),
            PoolMembership.Create(Pool(), [Server("a") with { Engine = "sglang" }]),
            PoolMembership.Create(Pool(), [], new() { Objectives = [new("a", 1)] }),
            PoolMembership.Create(Pool(), [], new() { Objectives = [new("a", -1)] }),
            PoolMembership.Create(Pool(), [], new() { Objectives = [new("b", 1)] }),
            PoolMembership.Create(Pool(), [], new() { Models = [new("a", 1)] }),
            PoolMembership.Create(Pool(), [], new() { Rewrites = [Rewrite("r", ["a"], ("b", null))] }),
            PoolMembership.Create(Pool(), [], new() { Rewrites = [Rewrite("q", ["a"], ("b", null))] }),
            PoolMembership.Create(Pool(), [], new() { Rewrites = [Rewrite("r", [], ("b", null))] }),
            PoolMembership.Create(Pool(), [], new() { Rewrites = [Rewrite("r", ["a"], ("b", 0))] }),
            PoolMembership.Create(Pool(), [], new() { Rewrites = [Rewrite("r", ["a"], ("b", null), ("c", null))] }),
            PoolMembership.Create(Pool(), [], new() { Rewrites = [Rewrite("r", ["a"], ("c", null), ("b", null))] }),
            PoolMembership.Create(Pool(), [], new() { Rewrites = [Rewrite("r", ["a"], ("b", null)), Rewrite("q", ["a"], ("b", null))] }),
            PoolMembership.Create(Pool(), [], new() { Rewrites = [Rewrite("q", ["a"], ("b", null)), Rewrite("r", ["a"], ("b", null))] }),
        ];

        Assert.Equal(memberships.Length, memberships.Select(membership => membership.Revision).Distinct().Count());
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1:8000")]
    [InlineData("fd00::1", "[fd00::1]:8000")]
    public void Address_OfAnIp_IsWrittenForTheProxy(string ip, string expected)
    {
        Assert.Equal(expected, Server("a", ip).Address);
    }
}
