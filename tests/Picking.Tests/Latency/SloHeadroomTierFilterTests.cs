using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Tests.Latency;

public sealed class SloHeadroomTierFilterTests
{
    /// <summary>Which of four servers are kept; objectives 200 and 50 ms.</summary>
    private static int[] Keep(double epsilon, float[]? ttft, float[]? tpot, bool countsTpot = true, Random? random = null)
    {
        var context = new PickContext(Scorers.Scoring.Servers(4), new InferenceRequest(), 0, random ?? new Random(1))
        {
            Latency = new LatencyPredictions { Ttft = ttft, Tpot = tpot, TtftObjective = 200, TpotObjective = 50, CountsTpot = countsTpot },
        };
        var candidates = new[] { 0, 1, 2, 3 };
        return candidates[..new SloHeadroomTierFilter(epsilon).Keep(context, candidates)];
    }

    [Fact]
    public void Keep_BothTiers_KeepsThoseThatMeetBothObjectives() =>
        Assert.Equal([0, 3], Keep(0, [100, 300, 100, 200], [40, 40, 60, 50]));

    [Fact]
    public void Keep_Exploration_KeepsTheOthers() =>
        Assert.Equal([1, 2], Keep(1, [100, 300, 100, 200], [40, 40, 60, 50]));

    [Fact]
    public void Keep_TpotDoesNotCount_GoesByTtft() =>
        Assert.Equal([0, 2, 3], Keep(0, [100, 300, 100, 200], [40, 40, 60, 50], countsTpot: false));

    [Theory]
    [InlineData(100)]
    [InlineData(300)]
    public void Keep_OneTier_KeepsAll(float ttft) => Assert.Equal([0, 1, 2, 3], Keep(0.5, [ttft, ttft, ttft, ttft], [40, 40, 40, 40]));

    [Fact]
    public void Keep_NoPredictions_KeepsAll() => Assert.Equal([0, 1, 2, 3], Keep(1, null, null));

    /// <summary>One request in ten, of 10,000: between 900 and 1,100 (more than three deviations of 30).</summary>
    [Fact]
    public void Keep_Epsilon_IsThePartThatExplores()
    {
        var random = new Random(3);
        var explored = Enumerable.Range(0, 10_000).Count(_ => Keep(0.1, [100, 300, 300, 300], [40, 40, 40, 40], random: random) is [1, 2, 3]);
        Assert.InRange(explored, 900, 1100);
    }
}
