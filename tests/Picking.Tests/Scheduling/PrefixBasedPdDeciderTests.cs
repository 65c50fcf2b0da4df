using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scheduling.Disaggregation;
using Orleans.Inference.Picking.Tests.Filters;
using Orleans.Inference.Picking.Tests.Prefix;

namespace Orleans.Inference.Picking.Tests.Scheduling;

/// <summary>Server 0 holds 3 blocks of 64 tokens of the prompt, 192 tokens; server 1 none.</summary>
public sealed class PrefixBasedPdDeciderTests
{
    private static bool Decide(string parameters, int server, long tokens)
    {
        var index = new PrefixIndex();
        index.Add(0, 100, Chains.Of(1, 2, 3));
        var match = new PrefixMatch();
        index.Match(Chains.Request(Chains.Of(1, 2, 3, 4, 5)), match);
        var decider = Filtering.Make<PrefixBasedPdDecider>($"- type: prefix-based-pd-decider\n  parameters: {{{parameters}}}");
        var view = new ViewBuilder().Add().Add().Build();
        return decider.Disaggregate(new PickContext(view, new InferenceRequest { PromptTokens = tokens }, 0, new Random(1), match), server);
    }

    [Theory]
    [InlineData(0, 300, false)] // 300 − 192 = 108 < 128
    [InlineData(0, 319, false)] // 127
    [InlineData(0, 320, true)] // 128
    [InlineData(1, 128, true)] // nothing cached
    [InlineData(1, 127, false)]
    [InlineData(-1, 5000, false)] // no server picked yet
    public void Disaggregate_NonCachedTokens_SplitsFromThatManyOn(int server, long tokens, bool splits) => Assert.Equal(splits, Decide("nonCachedTokens: 128", server, tokens));

    [Theory]
    [InlineData(499, false)]
    [InlineData(500, true)]
    public void Disaggregate_PromptTokens_SplitsNoShorterPrompt(long tokens, bool splits) => Assert.Equal(splits, Decide("nonCachedTokens: 128, promptTokens: 500", 1, tokens));

    [Fact]
    public void Disaggregate_NonCachedTokens0_SplitsNone() => Assert.False(Decide("promptTokens: 1", 1, 100_000));
}
