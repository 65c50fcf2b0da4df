using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Tests.Configuration;

namespace Orleans.Inference.Picking.Tests.Latency;

public sealed class PredictedLatencyScorerTests
{
    /// <summary>Nothing is left to chance, and no affinity unless a test asks for it.</summary>
    private static readonly PredictedLatencyScorerParameters Plain = new() { EpsilonExploreNeg = 0, EpsilonExploreSticky = 0, AffinityGateTau = 0, AffinityGateTauGlobal = 0 };

    /// <summary>Four servers, of which 0 holds a quarter and 2 three quarters of the prompt; objectives 200 and 50 ms.</summary>
    private static double[] Score(PredictedLatencyScorerParameters parameters, float[] ttft, float[] tpot, PoolView? view = null, bool countsTpot = true, PrefixMatch? match = null)
    {
        var scores = new double[4];
        var context = new PickContext(view ?? Scorers.Scoring.Servers(4), new InferenceRequest { Streaming = true, Objectives = new(200, 50) }, 0, new Random(1), match ?? Prefixes.OneNoneThreeNone())
        {
            InFlight = new(new[] { 1, 1, 1, 1 }, default),
            Latency = new LatencyPredictions { Ttft = ttft, Tpot = tpot, TtftObjective = 200, TpotObjective = 50, CountsTpot = countsTpot },
        };
        new PredictedLatencyScorer(parameters).Score(context, [0, 1, 2, 3], scores);
        return scores;
    }

    [Fact]
    public void Score_WithoutGates_IsTheLatencyScorers()
    {
        float[] ttft = [100, 300, 160, 100];
        float[] tpot = [30, 30, 30, 60];
        Assert.Equal(LatencyScorerTests.Score(new LatencyScorer(new()), ttft, tpot, 200, 50), Score(Plain, ttft, tpot));
    }

    /// <summary>Servers 1 and 3 miss; with exploration for certain only they are scored: only-TPOT before only-TTFT, so server 3, alone: c = 0.5 → (50 + 1)/100.</summary>
    [Fact]
    public void Score_Exploration_ScoresThoseThatMiss() =>
        Assert.Equal([0, 0, 0, 0.51], Score(Plain with { EpsilonExploreNeg = 1 }, [100, 300, 160, 100], [30, 30, 30, 60]), new Within(1e-9));

    /// <summary>Server 2 alone holds half of the prompt or more.</summary>
    [Theory]
    [InlineData(0.5, 0.0)]
    [InlineData(0.0, 0.5)]
    [InlineData(0.75, 0.75)]
    public void Score_Affinity_ScoresOnlyThoseThatHoldThePrompt(double global, double within) =>
        Assert.Equal([0, 0, 0.51, 0], Score(Plain with { AffinityGateTauGlobal = global, AffinityGateTau = within }, [100, 120, 160, 140], [30, 30, 30, 30]), new Within(1e-9));

    [Fact]
    public void Score_AffinityThatNobodyHas_BindsNobody() =>
        Assert.Equal(Score(Plain, [100, 120, 160, 140], [30, 30, 30, 30]), Score(Plain with { AffinityGateTauGlobal = 0.8, AffinityGateTau = 0.8 }, [100, 120, 160, 140], [30, 30, 30, 30]));

    /// <summary>The fastest other takes 100 ms: 160 ms are 60 more.</summary>
    [Theory]
    [InlineData(60.0, true)]
    [InlineData(59.0, false)]
    [InlineData(0.0, true)]
    public void Score_AffinityThatCosts_BindsUpToThePenalty(double penalty, bool binds)
    {
        var scores = Score(Plain with { AffinityGateTauGlobal = 0.5, AffinityMaxTTFTPenaltyMs = penalty }, [100, 120, 160, 140], [30, 30, 30, 30]);
        Assert.Equal(binds, scores is [0, 0, _, 0]);
    }

    /// <summary>Within the tier: server 2 holds the prompt but misses, so nobody of those that don't is bound.</summary>
    [Fact]
    public void Score_AffinityWithinATier_IsOfTheTier()
    {
        var scores = Score(Plain with { AffinityGateTau = 0.5 }, [100, 120, 300, 140], [30, 30, 30, 30]);
        Assert.True(scores is [> 0, > 0, 0, > 0]);
    }

    /// <summary>
    /// Free KV 0.9, 0.6, 0.5, 0.2; the queues are 1 for all, prefix 1/4, 0, 3/4, 0: (0.9 + 1 + 0.25)/3 = 0.71666, 1.6/3 = 0.5333, 2.25/3 = 0.75, and server 3 misses.
    /// </summary>
    [Theory]
    [InlineData("composite-most", new[] { 0.72, 0.53, 0.75, 0 })]
    [InlineData("composite-least", new[] { 0.28, 0.47, 0.25, 0 })]
    [InlineData("composite-only", new[] { 0.72, 0.53, 0.75, 0.4 })] // 1.2/3 = 0.4: misses or not
    public void Score_CompositeStrategies_GoByLoadAndPrefix(string strategy, double[] expected)
    {
        var view = new ViewBuilder().Add(kv: 0.1).Add(kv: 0.4).Add(kv: 0.5).Add(kv: 0.8).Build();
        Assert.Equal(expected, Score(Plain with { HeadroomSelectionStrategy = strategy }, [100, 120, 160, 300], [30, 30, 30, 30], view), new Within(1e-9));
    }

    /// <summary>With its own streaming mode the time per token counts, against 50 · 0.5 = 25 ms: server 0 alone misses.</summary>
    [Fact]
    public void Score_OwnStreamingMode_CountsTpot()
    {
        float[] ttft = [100, 120, 160, 140];
        float[] tpot = [30, 20, 20, 20];
        Assert.NotEqual(0, Score(Plain, ttft, tpot, countsTpot: false)[0]);
        Assert.True(Score(Plain with { StreamingMode = true, SloBufferFactor = 0.5 }, ttft, tpot, countsTpot: false) is [0, > 0, > 0, > 0]);
    }

    [Fact]
    public void Load_ParametersOfTheExtension_AreAccepted()
    {
        var outcome = Loading.Load("""
            plugins:
            - type: predicted-latency-scorer
              parameters: {samplingMean: 100.0, maxSampledTokens: 30, sloBufferFactor: 1.2, negHeadroomTTFTWeight: 0.7, negHeadroomTPOTWeight: 0.3, headroomTTFTWeight: 0.9, headroomTPOTWeight: 0.1,
                headroomSelectionStrategy: composite-least, compositeKVWeight: 2, compositeQueueWeight: 1, compositePrefixWeight: 3, epsilonExploreSticky: 0.02, epsilonExploreNeg: 0.03,
                affinityGateTau: 0.7, affinityGateTauGlobal: 0.9, selectionMode: max, streamingMode: true}

            """);
        Assert.Empty(outcome.Faults);
        Assert.Equal(3, outcome.Warnings.Count);
        Assert.NotNull(outcome.Configuration!.Find<PredictedLatencyProducer>());
    }
}
