using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scorers;
using Orleans.Inference.Picking.Tests.Configuration;
using Orleans.Inference.Picking.Tests.Prefix;

namespace Orleans.Inference.Picking.Tests.Scorers;

public sealed class TokenLoadScorerTests
{
    [Fact]
    public void Score_TokensInFlight_FallsToNothingAtTheThreshold()
    {
        // Of 1,000: 0: 1; 250: 1 - 0.25 = 0.75; 1,000: 0; 5,000: 0
        Assert.Equal([1, 0.75, 0, 0], Scoring.Of(new TokenLoadScorer(1_000), Scoring.Servers(4), tokens: [0, 250, 1_000, 5_000]));
    }

    [Fact]
    public void Score_NothingKnown_IsOne() => Assert.Equal([1, 1], Scoring.Of(new TokenLoadScorer(), Scoring.Servers(2)));

    [Fact]
    public void Score_PartOfThePromptCached_CountsTheRest()
    {
        // The request has 4 blocks of 64 tokens. Server 0 holds 3: 64 to do, and 36 in flight: 1 - 100/1,000 = 0.9. Server 1 holds none: 256 + 44 = 300: 0.7.
        var index = new PrefixIndex();
        index.Add(0, 100, Chains.Of(1, 2, 3));
        var match = new PrefixMatch();
        index.Match(Chains.Request(Chains.Of(1, 2, 3, 4)), match);

        Assert.Equal([0.9, 0.7], Scoring.Of(new TokenLoadScorer(1_000), Scoring.Servers(2), tokens: [36, 44], match: match));
    }

    [Fact]
    public void Score_PromptBeyondTheBlocksAndAnswer_Count()
    {
        // 300 tokens, of which 4 blocks of 64 were looked for: 44 beyond. The answer counts 100. Server 0 holds 3 blocks: 64 + 44 + 100 + 36 in flight = 244: 0.756.
        var index = new PrefixIndex();
        index.Add(0, 100, Chains.Of(1, 2, 3));
        var match = new PrefixMatch();
        index.Match(Chains.Request(Chains.Of(1, 2, 3, 4)), match);

        Assert.Equal([0.756], Scoring.Of(new TokenLoadScorer(1_000), Scoring.Servers(1), new() { PromptTokens = 300, EstimatedOutputTokens = 100 }, tokens: [36], match: match));
    }

    [Fact]
    public void Load_Default_IsFourMiTokens()
    {
        // 1,048,576 of 4,194,304 is a quarter.
        var scorer = Loading.Accept("plugins: [{type: token-load-scorer}]\n").Find<TokenLoadScorer>()!;

        Assert.Equal([0.75], Scoring.Of(scorer, Scoring.Servers(1), tokens: [1_048_576]));
    }
}
