using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Tests.Configuration;

namespace Orleans.Inference.Picking.Tests.Latency;

public sealed class LatencyScorerTests
{
    /// <summary>Scores of servers by their predictions.</summary>
    /// <param name="inFlight">On each server; null for 1 each.</param>
    internal static double[] Score(IScorer scorer, float[] ttft, float[] tpot, double ttftObjective = 0, double tpotObjective = 0, int[]? inFlight = null, bool countsTpot = true, int seed = 1)
    {
        var view = Scorers.Scoring.Servers(ttft.Length);
        var scores = new double[ttft.Length];
        Array.Fill(scores, 7);
        inFlight ??= [.. ttft.Select(_ => 1)];
        var context = new PickContext(view, new InferenceRequest { Streaming = true, Objectives = new(ttftObjective, tpotObjective) }, 0, new Random(seed))
        {
            InFlight = new(inFlight, default),
            Latency = new LatencyPredictions { Ttft = ttft, Tpot = tpot, TtftObjective = ttftObjective, TpotObjective = tpotObjective, CountsTpot = countsTpot },
        };
        scorer.Score(context, [.. Enumerable.Range(0, ttft.Length)], scores);
        return scores;
    }

    private static LatencyScorer Least => new(new());

    private static LatencyScorer Most => new(new() { HeadroomSelectionStrategy = "most" });

    /// <summary>
    /// Objectives 200 and 50 ms. Headrooms of TTFT 120, 50, 30 → n 1, 20/90 = 0.2222, 0; of TPOT 10, 30, 20 → n 0, 1, 0.5. c = 0.8 · n + 0.2 · n: 0.8, 0.37777, 0.1.
    /// </summary>
    /// <summary>1 − c = 0.2, 0.62222, 0.9; in floating point 1 − 0.8 is a bit less than 0.2: (19 + 1)/100, (62 + 1)/100, (90 + 1)/100.</summary>
    [Fact]
    public void Score_AllMeetTheObjectives_LeastPrefersTheTightest() =>
        Assert.Equal([0.2, 0.63, 0.91], Score(Least, [80, 150, 170], [40, 20, 30], 200, 50), new Within(1e-9));

    [Fact]
    public void Score_AllMeetTheObjectives_MostPrefersTheWidest() =>
        // (80 + 1)/100, (37 + 1)/100, (10 + 1)/100.
        Assert.Equal([0.81, 0.38, 0.11], Score(Most, [80, 150, 170], [40, 20, 30], 200, 50), new Within(1e-9));

    [Fact]
    public void Score_SomeMissAnObjective_ScoresOnlyTheOthers() =>
        // Servers 1 (TTFT) and 3 (TPOT) miss. Of 0 and 2 the headrooms are 100 and 40, TPOT 20 and 20: its weight goes to TTFT. n = 1, 0 → least: (0 + 1)/100, (100 + 1)/100 cut to 1.
        Assert.Equal([0.01, 0, 1, 0], Score(Least, [100, 300, 160, 100], [30, 30, 30, 60], 200, 50), new Within(1e-9));

    [Fact]
    public void Score_HeadroomOfNothing_MeetsTheObjective() =>
        // The only positive one: no range in either dimension, n = 0.5 for both, c = 0.5 → (50 + 1)/100.
        Assert.Equal([0.51, 0], Score(Least, [200, 201], [50, 50], 200, 50), new Within(1e-9));

    [Fact]
    public void Score_AllMiss_IdleServersOnly() =>
        // Servers 1 and 2 have nothing in flight; deficits of TTFT 200 and 100, of TPOT none between them: n = 1, 0 → (0 + 1)/100, 1.
        Assert.Equal([0, 0.01, 1], Score(Least, [201, 400, 300], [30, 30, 30], 200, 50, [1, 0, 0]), new Within(1e-9));

    [Theory]
    [InlineData(new float[] { 300, 150, 100, 400 }, new float[] { 60, 80, 70, 30 }, new[] { 0, 0.81, 0.2, 0 })] // only TPOT below 0: 1 and 2. |h| 50, 100 → n 0, 1; 30, 20 → n 1, 0: c = 0.2, 0.8
    [InlineData(new float[] { 300, 250, 220, 400 }, new float[] { 60, 20, 40, 70 }, new[] { 0, 0.01, 1, 0 })] // only TTFT: 1 and 2. |h| 50, 20 → n 1, 0; 30, 10 → n 1, 0: c = 1, 0
    [InlineData(new float[] { 300, 400 }, new float[] { 60, 80 }, new[] { 1, 0.01 })] // both: |h| 100, 200 and 10, 30: c = 0, 1
    public void Score_AllMissAndAreBusy_TakesTheFirstGroupThatHasAny(float[] ttft, float[] tpot, double[] expected)
    {
        Assert.Equal(expected, Score(Least, ttft, tpot, 200, 50), new Within(1e-9));

        // `most` would prefer the slowest.
        Assert.Equal(expected, Score(Most, ttft, tpot, 200, 50), new Within(1e-9));
    }

    /// <summary>Without objectives headrooms are −300, −100, −200 and −10, −30, −20: c = 0.8 · (1, 0, 0.5) + 0.2 · (0, 1, 0.5) = 0.8, 0.2, 0.5. The fastest to its first token is best.</summary>
    [Fact]
    public void Score_NothingIsAsked_PrefersTheFastest() =>
        Assert.Equal([0.2, 0.81, 0.51], Score(Most, [300, 100, 200], [10, 30, 20]), new Within(1e-9));

    /// <summary>TPOT is right everywhere: TTFT decides alone. c = 1, 0, 0.5.</summary>
    [Fact]
    public void Score_TpotDoesNotCount_TtftDecides() =>
        Assert.Equal([0.01, 1, 0.51], Score(Least, [300, 100, 200], [10, 30, 20], countsTpot: false), new Within(1e-9));

    [Fact]
    public void Score_Weights_AreNormalised() =>
        // 6 and 2 are 0.75 and 0.25: c = 0.75 · (0, 1) + 0.25 · (1, 0) = 0.25, 0.75 → most: 0.26, 0.76.
        Assert.Equal(
            [0.26, 0.76],
            Score(new LatencyScorer(new() { TtftWeight = 6, TpotWeight = 2, HeadroomSelectionStrategy = "most" }), [150, 100], [10, 20], 200, 50),
            new Within(1e-9));

    /// <summary>
    /// KV free 0.8, 0.5, 0.1; queue (4 − 0)/4 = 1, (4 − 1)/4 = 0.75, 0; no prefix: (0.8 + 1)/3 = 0.6, 1.25/3 = 0.41666, 0.1/3 = 0.0333 → in hundredths.
    /// </summary>
    [Fact]
    public void Score_NoPredictions_IsTheComposite() =>
        Assert.Equal([0.6, 0.42, 0.03], Scorers.Scoring.Of(Least, new ViewBuilder().Add(kv: 0.2).Add(queued: 1, kv: 0.5).Add(queued: 4, kv: 0.9).Build()), new Within(1e-9));

    /// <summary>Weights 2, 1, 1 of 4; prefix 1/4, 0, 3/4, 0 of the prompt; no queue anywhere counts 1: 0.5 · free + 0.25 + 0.25 · prefix.</summary>
    [Fact]
    public void Score_NoPredictions_WeighsTheComposite()
    {
        var scorer = new LatencyScorer(new() { CompositeKVWeight = 2 });
        var view = new ViewBuilder().Add(kv: 0.2).Add(kv: 1.3).Add(kv: 0.5).Add().Build();

        // 0.4 + 0.25 + 0.0625 = 0.7125 → 0.71; 0 + 0.25 = 0.25 (more than full is full); 0.25 + 0.25 + 0.1875 = 0.6875 → 0.69; 0.5 + 0.25 = 0.75.
        Assert.Equal([0.71, 0.25, 0.69, 0.75], Scorers.Scoring.Of(scorer, view, match: Prefixes.OneNoneThreeNone()), new Within(1e-9));
    }

    [Fact]
    public void Load_Scorer_BringsItsProducers()
    {
        var configuration = Loading.Accept("plugins:\n- type: latency-scorer\n  parameters: {ttftWeight: 1, tpotWeight: 0, headroomSelectionStrategy: most, compositeKVWeight: 0}\n");
        Assert.NotNull(configuration.Find<PredictedLatencyProducer>());
    }

    [Fact]
    public void Load_ParametersOfTheSidecar_AreAcceptedWithAWarning()
    {
        var outcome = Loading.Load("plugins:\n- type: predicted-latency-producer\n  parameters: {samplingMean: 100, contextTTL: 1m, endpointRoleLabel: role, streamingMode: true, predictInProduce: true}\n");
        Assert.Empty(outcome.Faults);
        Assert.Equal(3, outcome.Warnings.Count);
    }
}
