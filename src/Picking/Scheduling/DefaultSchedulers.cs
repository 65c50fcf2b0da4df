using Orleans.Inference.Picking.Filters;
using Orleans.Inference.Picking.Pickers;
using Orleans.Inference.Picking.Scorers;

namespace Orleans.Inference.Picking.Scheduling;

/// <summary>The scheduler of a picker that was given no configuration.</summary>
public static class DefaultSchedulers
{
    /// <summary>Weights of the reference picker's default profile for queue and KV cache; its prefix weight joins with the prefix cache.</summary>
    private const double QueueWeight = 2;
    private const double KvCacheWeight = 2;

    /// <summary>One LoRA adapter already loaded outweighs half of the queue's range: loading one takes seconds, a place in the queue less.</summary>
    private const double LoraWeight = 1;

    /// <summary>Fresh servers only; queue, KV cache and LoRA affinity; the best score wins, ties by chance.</summary>
    /// <param name="staleness">Age from which figures count as stale.</param>
    public static Scheduler Create(TimeSpan staleness) => new(
        new SingleProfileHandler(),
        [
            new SchedulingProfile(
                "default",
                [new FreshFilter(staleness)],
                [
                    new WeightedScorer(new QueueScorer(), QueueWeight),
                    new WeightedScorer(new KvCacheUtilizationScorer(), KvCacheWeight),
                    new WeightedScorer(new LoraAffinityScorer(), LoraWeight),
                ],
                new MaxScorePicker()),
        ]);
}
