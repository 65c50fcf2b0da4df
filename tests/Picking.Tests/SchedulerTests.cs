using Orleans.Inference.Picking.Pickers;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scorers;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Picking.Tests;

public sealed class SchedulerTests
{
    private static readonly Scheduler Default = DefaultSchedulers.Create(TimeSpan.FromSeconds(2));

    private static int[] Pick(Scheduler scheduler, PoolView view, int[] allowed, int seed = 1, string model = "")
    {
        var scratch = new PickScratch();
        var context = new PickContext(view, new InferenceRequest { TargetModel = model }, 0, new Random(seed));
        scheduler.Pick(context, allowed, scratch, out var picks);
        return picks.ToArray();
    }

    private static int[] All(PoolView view) => [.. Enumerable.Range(0, view.Count)];

    [Fact]
    public void Pick_OneClearlyBest_IsPicked()
    {
        // Totals: 2*0 + 2*0.9 = 1.8; 2*1 + 2*0.2 = 2.4; 2*0.5 + 2*0.8 = 2.6
        var view = new ViewBuilder().Add(queued: 4, kv: 0.1).Add(queued: 0, kv: 0.8).Add(queued: 2, kv: 0.2).Build();

        Assert.Equal([2], Pick(Default, view, All(view)));
    }

    [Fact]
    public void Pick_OnlySomeAllowed_StaysAmongThem()
    {
        var view = new ViewBuilder().Add(queued: 0).Add(queued: 9).Add(queued: 5).Build();

        Assert.Equal([2], Pick(Default, view, [1, 2]));
    }

    [Fact]
    public void Pick_AdapterLoadedSomewhere_GoesThere()
    {
        var view = new ViewBuilder().Add(lora: new LoraState(["x"], [], 1)).Add(lora: new LoraState(["a"], [], 1)).Build();

        Assert.Equal([1], Pick(Default, view, All(view), model: "a"));
    }

    [Fact]
    public void Pick_EqualTotals_SpreadsEvenly()
    {
        var view = new ViewBuilder().Add().Add().Add().Add().Build();
        var counts = new int[4];
        var scratch = new PickScratch();
        var random = new Random(42);
        for (var i = 0; i < 4000; i++)
        {
            Default.Pick(new PickContext(view, new InferenceRequest(), 0, random), All(view), scratch, out var picks);
            counts[picks[0]]++;
        }

        // Binomial(4000, 1/4): mean 1000, standard deviation 27; five of them either way.
        Assert.All(counts, c => Assert.InRange(c, 863, 1137));
    }

    [Fact]
    public void Pick_SeveralPicks_AreBestFirstAndDistinct()
    {
        var view = new ViewBuilder().Add(queued: 3).Add(queued: 0).Add(queued: 1).Add(queued: 2).Build();
        var scheduler = new Scheduler(
            new SingleProfileHandler(),
            [new SchedulingProfile("p", [], [new WeightedScorer(new QueueScorer(), 1)], new MaxScorePicker(3))]);

        Assert.Equal([1, 2, 3], Pick(scheduler, view, All(view)));
    }

    [Fact]
    public void Pick_NobodyAllowed_SaysSo()
    {
        var view = new ViewBuilder().Add().Build();

        var outcome = Default.Pick(new PickContext(view, new InferenceRequest(), 0, new Random(1)), [], new PickScratch(), out var picks);

        Assert.Equal(PickOutcome.NoCandidates, outcome);
        Assert.True(picks.IsEmpty);
    }

    [Fact]
    public void Pick_FilterThatKeepsNothing_SaysSo()
    {
        var view = new ViewBuilder().Add().Build();
        var scheduler = new Scheduler(new SingleProfileHandler(), [new SchedulingProfile("p", [new NobodyFilter()], [], new RandomPicker())]);

        var outcome = scheduler.Pick(new PickContext(view, new InferenceRequest(), 0, new Random(1)), [0], new PickScratch(), out _);

        Assert.Equal(PickOutcome.FiltersDrained, outcome);
    }

    [Fact]
    public void Pick_ScoresOutsideTheirRange_AreClamped()
    {
        // Unclamped the first would win by 100; clamped both have 1 from it, and the queue decides.
        var view = new ViewBuilder().Add(queued: 1).Add(queued: 0).Build();
        var scheduler = new Scheduler(
            new SingleProfileHandler(),
            [new SchedulingProfile("p", [], [new WeightedScorer(new WildScorer(), 1), new WeightedScorer(new QueueScorer(), 0.1)], new MaxScorePicker())]);

        Assert.Equal([1], Pick(scheduler, view, All(view)));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(10_000)]
    public void Pick_SteadyState_AllocatesNothing(int servers)
    {
        var builder = new ViewBuilder();
        for (var i = 0; i < servers; i++)
        {
            builder.Add(queued: i % 7, kv: i % 10 / 20.0);
        }

        var view = builder.Build();
        var all = All(view);
        var scratch = new PickScratch();
        var request = new InferenceRequest();
        var random = new Random(1);

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                Default.Pick(new PickContext(view, request, 0, random), all, scratch, out _);
            }
        }));
    }

    private sealed class NobodyFilter : IFilter
    {
        public int Keep(in PickContext context, Span<int> candidates) => 0;
    }

    private sealed class WildScorer : IScorer
    {
        public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
        {
            for (var i = 0; i < candidates.Length; i++)
            {
                scores[i] = i == 0 ? 100 : 1;
            }
        }
    }
}
