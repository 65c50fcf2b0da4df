using System.Collections.Frozen;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Policies;

namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>What comes over the wire in the words of the view.</summary>
internal static class ViewConversion
{
    public static ModelServer Server(ModelServerSpec spec) => new(spec.Id, spec.Address, spec.Labels);

    public static LoraState Lora(ModelServerLora lora) =>
        lora.Active.Length == 0 && lora.Waiting.Length == 0 && lora.MaxActive <= 0 ? LoraState.None : new LoraState(lora.Active, lora.Waiting, lora.MaxActive);

    public static CacheConfig Cache(ModelServerCache cache) => cache.IsUnknown ? default : new CacheConfig(cache.BlockSize, cache.BlockCount);

    public static PoolPolicies Policies(PoolPolicySpec spec) =>
        spec == PoolPolicySpec.None
            ? PoolPolicies.None
            : new PoolPolicies(
                spec.Objectives.Select(PriorityOf),
                spec.Models.Select(PriorityOf),
                spec.Rewrites.Select(rule => new RewriteRule(rule.Name, rule.Models, [.. rule.Targets.Select(target => new RewriteTarget(target.Model, target.Weight))])));

    public static bool SameLabels(FrozenDictionary<string, string> one, FrozenDictionary<string, string> other) =>
        ReferenceEquals(one, other)
        || (one.Count == other.Count && one.All(label => other.TryGetValue(label.Key, out var value) && value == label.Value));

    /// <summary>The load columns of a frame, its ages turned into times of this process.</summary>
    /// <param name="now">Milliseconds of the monotonic clock.</param>
    /// <param name="old">The view before: what it knows of a server stays where the pool has not heard of that one yet, as after the pool's move to another silo.</param>
    /// <param name="before">For each server its index in <paramref name="old"/>, or -1; null where nothing has moved.</param>
    public static LoadColumns Load(LoadFrame frame, long now, PoolView? old, int[]? before)
    {
        var sampledAt = new long[frame.Count];
        var unknown = false;
        var ages = frame.AgeMs;
        for (var i = 0; i < sampledAt.Length; i++)
        {
            sampledAt[i] = ages[i] == LoadFrame.NeverSampled ? PoolView.NeverSampled : now - ages[i];
            unknown |= ages[i] == LoadFrame.NeverSampled;
        }

        return unknown && old is { Count: > 0 }
            ? Complete(frame, sampledAt, old, before)
            : new LoadColumns(frame.Queued, frame.Running, frame.KvUsage, sampledAt);
    }

    private static KeyValuePair<string, int> PriorityOf(NamedPriority named) => new(named.Name, named.Priority);

    private static LoadColumns Complete(LoadFrame frame, long[] sampledAt, PoolView old, int[]? before)
    {
        int[] queued = [.. frame.Queued];
        int[] running = [.. frame.Running];
        double[] kvUsage = [.. frame.KvUsage];
        for (var i = 0; i < sampledAt.Length; i++)
        {
            var was = before is null ? i : before[i];
            if (sampledAt[i] == PoolView.NeverSampled && was >= 0)
            {
                queued[i] = old.Queued[was];
                running[i] = old.Running[was];
                kvUsage[i] = old.KvUsage[was];
                sampledAt[i] = old.SampledAt[was];
            }
        }

        return new LoadColumns(queued, running, kvUsage, sampledAt);
    }
}
