using System.Collections.Immutable;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Silo.Discovery;

namespace Orleans.Inference.Silo.Tests.Discovery;

/// <summary>Which policy objects come to what in a pool, and what is said of those that don't.</summary>
public sealed class PolicyBuilderTests
{
    private const string V1 = "inference.networking.k8s.io";
    private const string Older = "inference.networking.x-k8s.io";
    private const string Newer = "llm-d.ai";

    [Fact]
    public void Build_NoPolicies_IsNone() => Assert.Same(PoolPolicySpec.None, Build());

    [Fact]
    public void Build_Objectives_AreTheirPrioritiesByName() =>
        Assert.Equal([new("batch", -1), new("chat", 5)], Build(Objective("chat", 5), Objective("batch", -1)).Objectives.AsEnumerable());

    [Theory]
    [InlineData("ns", "other", V1)]
    [InlineData("elsewhere", "p", V1)]
    [InlineData("ns", "p", Older)]
    [InlineData("ns", "p", "")]
    public void Build_PolicyForAnotherPool_DoesNotCount(string ns, string pool, string group)
    {
        PolicyObject[] policies =
        [
            Objective("chat", 5) with { Namespace = ns, Pool = new(group, pool) },
            Rewrite("r", 0, Rule([], "base")) with { Namespace = ns, Pool = new(group, pool) },
        ];

        Assert.Same(PoolPolicySpec.None, Build(policies));
    }

    [Fact]
    public void Build_Rewrites_OldestFirstThenAsFoundAndInTheirOrder()
    {
        var policies = Build(
            Rewrite("young", 3, Rule(["chat"], "y")),
            Rewrite("old", 1, Rule(["chat"], "o1"), Rule(["chat"], "o2")),
            Rewrite("b", 2, Rule([], "b")),
            Rewrite("a", 2, Rule([], "a")),
            Rewrite("dateless", null, Rule(["code"], "d")));

        Assert.Equal(["dateless d", "old o1", "old o2", "b b", "a a", "young y"], policies.Rewrites.Select(rule => $"{rule.Name} {rule.Targets[0].Model}"));
    }

    [Theory]
    [InlineData(Criticality.Critical, 100)]
    [InlineData(Criticality.Standard, 0)]
    [InlineData(Criticality.Sheddable, -100)]
    public void Build_Model_IsAPriorityAndARewrite(object criticality, int priority)
    {
        var policies = Build(Model("m", "chat", 0, "chat-v1", "chat-v2") with { Criticality = (Criticality)criticality });

        Assert.Equal([new("chat", priority)], policies.Models.AsEnumerable());
        Assert.Equal([new RewriteRuleSpec { Name = "m", Models = ["chat"], Targets = [new("chat-v1", null), new("chat-v2", null)] }], policies.Rewrites.AsEnumerable());
    }

    [Fact]
    public void Build_ModelWithoutTargets_IsAPriorityAlone()
    {
        var policies = Build(Model("m", "chat", 0));

        Assert.Equal([new("chat", 0)], policies.Models.AsEnumerable());
        Assert.Empty(policies.Rewrites);
    }

    [Fact]
    public void Build_ModelsOfOneName_OnlyTheOldestCounts()
    {
        var policies = Build(Model("young", "chat", 2, "y") with { Criticality = Criticality.Critical }, Model("old", "chat", 1) with { Criticality = Criticality.Sheddable }, Model("other", "code", 3, "c"));

        Assert.Equal([new("chat", -100), new("code", 0)], policies.Models.AsEnumerable());
        Assert.Equal(["other"], policies.Rewrites.Select(rule => rule.Name));
    }

    [Fact]
    public void Build_RewriteAndModelOfOneName_TheRewriteComesFirstWhateverTheirAge() =>
        Assert.Equal(["r", "m"], Build(Model("m", "chat", 1, "by-m"), Rewrite("r", 2, Rule(["chat"], "by-r"))).Rewrites.Select(rule => rule.Name));

    [Theory]
    [InlineData(V1, Older, true)]
    [InlineData(V1, V1, true)]
    [InlineData(Older, Older, true)]
    [InlineData(Older, V1, false)]
    public void Build_ModelOfTheOlderGroup_IsForPoolsOfBoth(string poolGroup, string referenced, bool counts)
    {
        var pool = Pool("p") with { Spec = Pool("p").Spec with { Group = poolGroup } };

        var policies = Memberships([pool], [Model("m", "chat", 0) with { Pool = new(referenced, "p") }])[0].Policies!;

        Assert.Equal(counts, policies.Models.Length == 1);
    }

    [Fact]
    public void Build_OlderGroup_CountsUntilTheNamespaceHasTheKindInTheNewerOne()
    {
        PolicyObject[] older = [Objective("o", 1) with { Group = Older }, Rewrite("r", 0, Rule([], "base")) with { Group = Older }, Model("m", "chat", 0)];

        var alone = Build(older);
        var mixed = Build([.. older, Objective("n", 2), Rewrite("elsewhere", 0, Rule([], "x")) with { Namespace = "elsewhere" }]);

        Assert.Equal([new("o", 1)], alone.Objectives.AsEnumerable());
        Assert.Equal([new("n", 2)], mixed.Objectives.AsEnumerable());
        Assert.Equal(["r"], mixed.Rewrites.Select(rule => rule.Name));
        Assert.Single(mixed.Models);
    }

    [Fact]
    public void Build_PoolWithoutAnObject_HasNoPolicies()
    {
        var scope = new MembershipScope { Standalone = Pool("p") };

        Assert.Same(PoolPolicySpec.None, MembershipBuilder.Build(new() { Policies = [Objective("chat", 5)] }, scope)[0].Policies);
    }

    [Fact]
    public void Build_OtherPolicies_HaveAnotherRevision()
    {
        ImmutableArray<PoolMembership> memberships =
        [
            .. Memberships([Pool("p")], []),
            .. Memberships([Pool("p")], [Objective("chat", 5)]),
            .. Memberships([Pool("p")], [Objective("chat", 6)]),
        ];

        Assert.Equal(3, memberships.Select(membership => membership.Revision).Distinct().Count());
    }

    [Fact]
    public void Findings_PoliciesThatCount_AreNone() =>
        Assert.Empty(PolicyFindings.Of(new() { Pools = [Pool("p")], Policies = [Objective("chat", 5), Rewrite("r", 0, Rule([], "base")), Model("m", "chat", 0)] }, new()));

    [Fact]
    public void Findings_PoliciesThatDoNotCount_SayWhy()
    {
        var objects = new ClusterObjects
        {
            Pools = [Pool("p")],
            Policies =
            [
                Objective("old", 1) with { Group = Older },
                Objective("new", 1),
                Rewrite("lost", 0, Rule([], "base")) with { Pool = new(V1, "q") },
                Model("second", "chat", 2),
                Model("first", "chat", 1),
            ],
        };

        Assert.Equal(
            [
                "InferenceObjective ns/old of inference.networking.x-k8s.io does not count: its namespace has InferenceObjective objects of the newer group",
                "InferenceModelRewrite ns/lost of llm-d.ai does not count: there is no InferencePool ns/q of inference.networking.k8s.io",
                "InferenceModel ns/second of inference.networking.x-k8s.io does not count: first has the model name chat already",
            ],
            PolicyFindings.Of(objects, new()));
    }

    [Fact]
    public void Findings_PoolWithoutAnObject_SaySo() =>
        Assert.Equal(
            ["InferenceObjective ns/chat of llm-d.ai does not count: pods that --endpoint-selector selects have no policies"],
            PolicyFindings.Of(new() { Policies = [Objective("chat", 5)] }, new() { Standalone = Pool("p") }));

    private static PoolPolicySpec Build(params PolicyObject[] policies) => Memberships([Pool("p")], policies)[0].Policies!;

    private static ImmutableArray<PoolMembership> Memberships(PoolObject[] pools, PolicyObject[] policies) =>
        MembershipBuilder.Build(new() { Pools = [.. pools], Policies = [.. policies] }, new());

    private static PoolObject Pool(string name) => new(new() { Namespace = "ns", Name = name, TargetPorts = [8000] }, LabelSelector.OfLabels([new("app", "x")]));

    private static ObjectiveObject Objective(string name, int priority) => new() { Group = Newer, Namespace = "ns", Name = name, Pool = new(V1, "p"), Priority = priority };

    private static ModelRewriteObject Rewrite(string name, int? day, params RewriteRuleSpec[] rules) => new()
    {
        Group = Newer,
        Namespace = "ns",
        Name = name,
        Created = Day(day),
        Pool = new(V1, "p"),
        Rules = [.. rules.Select(rule => rule with { Name = name })],
    };

    private static ModelObject Model(string name, string model, int? day, params string[] targets) => new()
    {
        Group = Older,
        Namespace = "ns",
        Name = name,
        Created = Day(day),
        Pool = new(Older, "p"),
        ModelName = model,
        Targets = [.. targets.Select(target => new RewriteTargetSpec(target, null))],
    };

    private static RewriteRuleSpec Rule(string[] models, params string[] targets) => new() { Name = "", Models = [.. models], Targets = [.. targets.Select(target => new RewriteTargetSpec(target, null))] };

    private static DateTimeOffset Day(int? day) => day is { } number ? new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(number) : default;
}
