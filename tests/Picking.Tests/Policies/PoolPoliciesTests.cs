using Orleans.Inference.Picking.Policies;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Picking.Tests.Policies;

public sealed class PoolPoliciesTests
{
    private static readonly Random Chance = new(1);

    private static RewriteRule Rule(string name, string[] models, params RewriteTarget[] targets) => new(name, [.. models], [.. targets]);

    private static RewriteTarget To(string model, int? weight = null) => new(model, weight);

    private static PoolPolicies Of(params RewriteRule[] rules) => new([], [], rules);

    private static string? Rewrite(PoolPolicies policies, string model) =>
        policies.TryRewrite(model, Chance, out var target, out var name) ? $"{target} by {name}" : null;

    [Fact]
    public void PriorityOf_KnownAndUnknownObjectives_IsTheirPriorityOrZero()
    {
        var policies = new PoolPolicies([new("chat", 10), new("batch", -5), new("plain", 0)], [], []);

        Assert.Equal([10, -5, 0, 0, 0], new[] { "chat", "batch", "plain", "other", "" }.Select(policies.PriorityOf));
        Assert.Equal(0, policies.PriorityOf("CHAT"));
    }

    [Fact]
    public void TryGetModelPriority_KnownAndUnknownModels_TellsThemApart()
    {
        var policies = new PoolPolicies([], [new("chat", 100), new("plain", 0)], []);

        Assert.True(policies.TryGetModelPriority("chat", out var chat));
        Assert.True(policies.TryGetModelPriority("plain", out var plain));
        Assert.False(policies.TryGetModelPriority("other", out var other));
        Assert.Equal((100, 0, 0), (chat, plain, other));
    }

    [Fact]
    public void None_AnyName_KnowsNothing()
    {
        Assert.Equal(0, PoolPolicies.None.PriorityOf("any"));
        Assert.False(PoolPolicies.None.TryGetModelPriority("any", out _));
        Assert.False(PoolPolicies.None.TryRewrite("any", Chance, out var target, out var name));
        Assert.Equal((null, null), (target, name));
    }

    [Fact]
    public void TryRewrite_RuleForTheModelAndRuleForAll_TakesTheOneForTheModelWhateverTheirOrder()
    {
        var policies = Of(Rule("all", [], To("base")), Rule("one", ["chat"], To("chat-v2")));

        Assert.Equal("chat-v2 by one", Rewrite(policies, "chat"));
        Assert.Equal("base by all", Rewrite(policies, "other"));
    }

    [Fact]
    public void TryRewrite_NoModelAsked_IsForARuleForAllAlone()
    {
        Assert.Equal("base by all", Rewrite(Of(Rule("all", [], To("base"))), ""));
        Assert.Null(Rewrite(Of(Rule("one", ["chat"], To("chat-v2"))), ""));
    }

    [Fact]
    public void TryRewrite_SeveralRulesForOneModel_TakesTheFirst()
    {
        var policies = Of(Rule("a", ["chat"], To("a-v2")), Rule("b", ["chat", "code"], To("b-v2")), Rule("c", [], To("c-v2")), Rule("d", [], To("d-v2")));

        Assert.Equal(["a-v2 by a", "b-v2 by b", "c-v2 by c"], new[] { "chat", "code", "other" }.Select(model => Rewrite(policies, model)));
    }

    [Fact]
    public void TryRewrite_TargetThatHasARuleItself_IsRewrittenOnce()
    {
        var policies = Of(Rule("a", ["chat"], To("code")), Rule("b", ["code"], To("chat")));

        Assert.Equal("code by a", Rewrite(policies, "chat"));
    }

    [Theory]
    [InlineData(0, "a")]
    [InlineData(69, "a")]
    [InlineData(70, "b")]
    [InlineData(89, "b")]
    [InlineData(90, "c")]
    [InlineData(99, "c")]
    public void Draw_Weights70And20And10_WalksTheirSums(long drawn, string expected)
    {
        // The sums are 70, 90 and 100: a has the draws from 0 to 69, b those to 89, c those to 99.
        var rule = Rule("split", ["m"], To("a", 70), To("b", 20), To("c", 10));
        var random = new FixedRandom(drawn);

        Assert.Equal(expected, rule.Draw(random));
        Assert.Equal(100, random.Range);
    }

    [Theory]
    [InlineData(0, "b")]
    [InlineData(2, "b")]
    [InlineData(3, "d")]
    [InlineData(4, "d")]
    public void Draw_SomeTargetsWithoutWeight_NeverTakesThose(long drawn, string expected)
    {
        var rule = Rule("split", ["m"], To("a"), To("b", 3), To("c", 0), To("d", 2), To("e"));

        Assert.Equal(expected, rule.Draw(new FixedRandom(drawn)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public void Draw_NoWeightAboveZero_TakesAllAlike(int? weight)
    {
        var rule = Rule("split", ["m"], To("a", weight), To("b", weight), To("c", weight));

        Assert.Equal(["a", "b", "c"], new[] { 0, 1, 2 }.Select(drawn => rule.Draw(new FixedRandom(drawn))));
        var random = new FixedRandom(0);
        rule.Draw(random);
        Assert.Equal(3, random.Range);
    }

    [Fact]
    public void Draw_HighestWeightsOnManyTargets_DoesNotOverflow()
    {
        // 3,000 × 1,000,000 is more than an int holds.
        var targets = Enumerable.Range(0, 3000).Select(i => To($"m{i}", 1_000_000)).ToArray();
        var rule = Rule("split", ["m"], targets);

        Assert.Equal("m2999", rule.Draw(new FixedRandom(2_999_999_999)));
    }

    [Fact]
    public void TryRewrite_ManyDraws_KeepsToTheWeights()
    {
        var policies = Of(Rule("split", ["chat"], To("chat-v1", 90), To("chat-v2", 10)));
        var random = new Random(42);
        var second = 0;
        for (var i = 0; i < 10_000; i++)
        {
            Assert.True(policies.TryRewrite("chat", random, out var target, out _));
            second += target == "chat-v2" ? 1 : 0;
        }

        // Binomial: 1,000 expected, standard deviation √(10,000 × 0.1 × 0.9) = 30; five of them.
        Assert.InRange(second, 850, 1150);
    }

    [Fact]
    public void Models_RulesAndModelPriorities_AreAllTheNames()
    {
        var policies = new PoolPolicies([new("objective", 1)], [new("code", 0)], [Rule("a", ["chat"], To("chat-v1"), To("chat-v2")), Rule("b", [], To("base"))]);

        Assert.Equal(["base", "chat", "chat-v1", "chat-v2", "code"], policies.Models.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Lookups_Warm_DoNotAllocate()
    {
        var policies = new PoolPolicies([new("objective", 1)], [new("code", 0)], [Rule("a", ["chat"], To("chat-v1", 1), To("chat-v2", 2)), Rule("b", [], To("base"), To("other"))]);
        var random = new Random(1);

        var allocated = AllocatedBytes.OfSteadyState(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                policies.PriorityOf("objective");
                policies.TryGetModelPriority("code", out _);
                policies.TryRewrite("chat", random, out _, out _);
                policies.TryRewrite("unknown", random, out _, out _);
            }
        });

        Assert.Equal(0, allocated);
    }

    /// <summary>Draws the same number always and tells what range it was drawn from.</summary>
    private sealed class FixedRandom(long drawn) : Random
    {
        public long Range { get; private set; }

        public override int Next(int maxValue)
        {
            Range = maxValue;
            return (int)drawn;
        }

        public override long NextInt64(long maxValue)
        {
            Range = maxValue;
            return drawn;
        }
    }
}
