using Orleans.Inference.Picking.Filters;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Tests.Prefix;

namespace Orleans.Inference.Picking.Tests.Filters;

/// <summary>Server 0 holds 1 block of 4, server 2 holds 3, servers 1 and 3 none.</summary>
public sealed class PrefixCacheAffinityFilterTests
{
    private static readonly PoolView View = new ViewBuilder().Add().Add().Add().Add().Build();

    private static PrefixMatch Match()
    {
        var index = new PrefixIndex();
        index.Add(0, 100, Chains.Of(1));
        index.Add(2, 100, Chains.Of(1, 2, 3, 9));
        var match = new PrefixMatch();
        index.Match(Chains.Request(Chains.Of(1, 2, 3, 4)), match);
        return match;
    }

    private static PrefixCacheAffinityFilter Filter(string parameters) => Filtering.Make<PrefixCacheAffinityFilter>($"- type: prefix-cache-affinity-filter\n  parameters: {{{parameters}}}");

    [Theory]
    [InlineData("affinityThreshold: 0.75", new[] { 2 })] // 3/4
    [InlineData("affinityThreshold: 0.2", new[] { 0, 2 })] // 1/4 and 3/4
    [InlineData("", new[] { 0, 1, 2, 3 })] // 0.8 by default: none
    [InlineData("affinityThreshold: 0", new[] { 0, 1, 2, 3 })]
    [InlineData("affinityThreshold: 0.2, explorationProbability: 1", new[] { 0, 1, 2, 3 })]
    public void Keep_Match_KeepsServersWithEnoughOfThePrompt(string parameters, int[] kept) => Assert.Equal(kept, Filtering.Keep(Filter(parameters), View, prefix: Match()).Order());

    [Fact]
    public void Keep_NothingMatched_KeepsAll() => Assert.Equal([0, 1, 2, 3], Filtering.Keep(Filter("affinityThreshold: 0.2"), View));

    [Theory]
    [InlineData(31_856, new[] { 2 })] // 31,856 / 15,928 · 1,000 = 2,000 ms, no more than 2,000 later than the idle others
    [InlineData(31_872, new[] { 0, 1, 2, 3 })] // 2,001 ms
    public void Keep_TokensInFlight_BreakTheAffinityBeyondThePenalty(long tokens, int[] kept)
    {
        var filter = Filter("affinityThreshold: 0.75, maxTTFTPenaltyMs: 2000");

        Assert.Equal(kept, Filtering.Keep(filter, View, prefix: Match(), inFlight: new InFlightLoad([0, 0, 1, 0], [0, 0, tokens, 0])).Order());
    }

    [Fact]
    public void Keep_OthersAsBusy_StaysWithThePrompt()
    {
        // 20 s against 19 s: 1 s later, below the penalty of 2.
        var load = new InFlightLoad([1, 1, 1, 1], [302_632, 302_632, 318_560, 302_632]);

        Assert.Equal([2], Filtering.Keep(Filter("affinityThreshold: 0.75, maxTTFTPenaltyMs: 2000"), View, prefix: Match(), inFlight: load));
    }

    [Fact]
    public void Keep_NoPenalty_StaysHoweverBusy() =>
        Assert.Equal([2], Filtering.Keep(Filter("affinityThreshold: 0.75, maxTTFTPenaltyMs: 0"), View, prefix: Match(), inFlight: new InFlightLoad([0, 0, 9, 0], [0, 0, long.MaxValue / 4, 0])));

    [Theory]
    [InlineData(600, new[] { 2 })] // 600 − 100 = 500
    [InlineData(601, new[] { 0, 1, 2, 3 })]
    public void Keep_Predicted_ComparesPredictions(float predicted, int[] kept)
    {
        var filter = Filter("affinityThreshold: 0.75, maxTTFTPenaltyMs: 500, ttftSource: latencyPredictor");
        var candidates = new[] { 0, 1, 2, 3 };
        var context = new PickContext(View, new InferenceRequest(), 0, new Random(1), Match()) { Latency = new LatencyPredictions { Ttft = [300, 100, predicted, 200], Tpot = [0, 0, 0, 0] } };

        Assert.Equal(kept, candidates[..filter.Keep(context, candidates)].Order());
    }

    [Fact]
    public void Load_NoThroughput_IsRefused() =>
        Assert.Contains(
            Filtering.FaultsOf("- type: prefix-cache-affinity-filter\n  parameters: {peakPrefillThroughput: 0}"),
            fault => fault.Contains("peakPrefillThroughput must be above 0", StringComparison.Ordinal));
}
