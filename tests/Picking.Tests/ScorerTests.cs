using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scorers;

namespace Orleans.Inference.Picking.Tests;

public sealed class ScorerTests
{
    private static double[] Score(IScorer scorer, PoolView view, string model = "")
    {
        var candidates = Enumerable.Range(0, view.Count).ToArray();
        var scores = new double[view.Count];
        scorer.Score(new PickContext(view, new InferenceRequest { TargetModel = model }, 0, new Random(1)), candidates, scores);
        return scores;
    }

    [Fact]
    public void QueueScorer_DifferentQueues_IsLinearBetweenShortestAndLongest()
    {
        // min 1, max 5: (5-1)/4 = 1, (5-5)/4 = 0, (5-2)/4 = 0.75
        var view = new ViewBuilder().Add(queued: 1).Add(queued: 5).Add(queued: 2).Build();

        Assert.Equal([1, 0, 0.75], Score(new QueueScorer(), view));
    }

    [Fact]
    public void QueueScorer_EqualQueues_IsOneForAll()
    {
        var view = new ViewBuilder().Add(queued: 7).Add(queued: 7).Build();

        Assert.Equal([1, 1], Score(new QueueScorer(), view));
    }

    [Fact]
    public void KvCacheUtilizationScorer_Usage_IsOneMinusIt()
    {
        var view = new ViewBuilder().Add(kv: 0.25).Add(kv: 1).Add(kv: 0).Build();

        Assert.Equal([0.75, 0, 1], Score(new KvCacheUtilizationScorer(), view));
    }

    [Fact]
    public void LoraAffinityScorer_EachTier_HasItsScore()
    {
        var view = new ViewBuilder()
            .Add(lora: new LoraState(["a", "x"], [], 2)) // active
            .Add(lora: new LoraState(["x"], [], 2)) // 1 + 0 < 2: a slot is free
            .Add(lora: new LoraState(["x"], ["a"], 2)) // 1 + 1 = 2: full, but it waits here
            .Add(lora: new LoraState(["x"], ["y"], 2)) // full of others
            .Add() // no LoRA at all: 0 + 0 < 0 is false
            .Build();

        Assert.Equal([1, 0.8, 0.6, 0, 0], Score(new LoraAffinityScorer(), view, "a"));
    }
}
