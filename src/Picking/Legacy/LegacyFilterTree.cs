using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Legacy;

/// <summary>
/// <c>legacy-filter-tree</c>: the decisions of version 0.3 of the reference picker, which had no scorers. As the only filter of a profile with <c>random-picker</c> it reproduces them.
/// </summary>
/// <remarks>
/// A request is critical where its priority is 0 or more. Critical requests go to servers with less than <c>queuingThresholdLora</c> waiting, by LoRA affinity, then the shortest queue, then the least KV
/// usage; where no queue is that short, to the shortest queue, then by LoRA affinity, then the least KV usage. Others go to servers within <c>queueThresholdCritical</c> and <c>kvCacheThreshold</c>, by the
/// shortest queue, then LoRA affinity, then the least KV usage; where there is none they are dropped. Safe from any thread; three passes over the candidates.
/// </remarks>
public sealed class LegacyFilterTree(LegacyFilterTreeParameters parameters) : IFilter
{
    /// <summary>What a client is told whose request is dropped.</summary>
    public const string DroppedReason = "dropping request due to limited backend resources";

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<LegacyFilterTree, LegacyFilterTreeParameters>(
        "legacy-filter-tree", (parameters, _) => new(parameters)) with
    {
        Summary = "The decision tree of version 0.3 of the reference picker, when used as a profile's only filter with `random-picker`. Requests with a priority of 0 or more (critical): servers with a queue below "
            + "`queuingThresholdLora` by LoRA affinity, shortest queue, least KV usage; where there is none, all by shortest queue, LoRA affinity, least KV usage. Others: servers within `queueThresholdCritical` and "
            + "`kvCacheThreshold` by shortest queue, LoRA affinity, least KV usage; where there is none, status 429 `dropping request due to limited backend resources`. «Shortest» and «least» keep what is within "
            + "(max − min) / candidates of the minimum.",
        Example = """
            - type: legacy-filter-tree
              parameters:
                queueThresholdCritical: 5
                kvCacheThreshold: 0.8
            - type: random-picker
            """,
    };

    /// <inheritdoc/>
    public int Keep(in PickContext context, Span<int> candidates)
    {
        if (context.Request.Priority < 0)
        {
            candidates = candidates[..WithCapacity(context, candidates)];
            if (candidates.IsEmpty)
            {
                context.Request.DrainedReason = DroppedReason;
                return 0;
            }

            return ByQueueFirst(context, candidates);
        }

        var shortQueues = LowLatency(context, candidates);
        return shortQueues == 0 ? ByQueueFirst(context, candidates) : ByAffinityFirst(context, candidates[..shortQueues]);
    }

    private int ByQueueFirst(in PickContext context, Span<int> candidates)
    {
        candidates = candidates[..LeastQueued(context, candidates)];
        candidates = candidates[..LoraAffinity(context, candidates)];
        return LeastKvUsage(context, candidates);
    }

    private int ByAffinityFirst(in PickContext context, Span<int> candidates)
    {
        candidates = candidates[..LoraAffinity(context, candidates)];
        candidates = candidates[..LeastQueued(context, candidates)];
        return LeastKvUsage(context, candidates);
    }

    /// <summary>Those with room for a request that is not critical.</summary>
    private int WithCapacity(in PickContext context, Span<int> candidates)
    {
        var queued = context.Queued;
        var kv = context.KvUsage;
        var kept = 0;
        foreach (var server in candidates)
        {
            if (queued[server] <= parameters.QueueThresholdCritical && kv[server] <= parameters.KvCacheThreshold)
            {
                candidates[kept++] = server;
            }
        }

        return kept;
    }

    /// <summary>Those with a queue below the threshold, in front; nothing is lost where there is none.</summary>
    private int LowLatency(in PickContext context, Span<int> candidates)
    {
        var queued = context.Queued;
        var kept = 0;
        foreach (ref var candidate in candidates)
        {
            if (queued[candidate] < parameters.QueuingThresholdLora)
            {
                (candidates[kept], candidate) = (candidate, candidates[kept]);
                kept++;
            }
        }

        return kept;
    }

    /// <summary>Those with at most min + (max − min) / N waiting, a division of whole numbers.</summary>
    private static int LeastQueued(in PickContext context, Span<int> candidates)
    {
        var queued = context.Queued;
        var (min, max) = (int.MaxValue, int.MinValue);
        foreach (var server in candidates)
        {
            min = Math.Min(min, queued[server]);
            max = Math.Max(max, queued[server]);
        }

        var most = min + ((max - min) / candidates.Length);
        var kept = 0;
        foreach (var server in candidates)
        {
            if (queued[server] <= most)
            {
                candidates[kept++] = server;
            }
        }

        return kept;
    }

    /// <summary>Those that use at most min + (max − min) / N of their KV cache.</summary>
    private static int LeastKvUsage(in PickContext context, Span<int> candidates)
    {
        var usage = context.KvUsage;
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var server in candidates)
        {
            min = Math.Min(min, usage[server]);
            max = Math.Max(max, usage[server]);
        }

        var most = min + ((max - min) / candidates.Length);
        var kept = 0;
        foreach (var server in candidates)
        {
            if (usage[server] <= most)
            {
                candidates[kept++] = server;
            }
        }

        return kept;
    }

    /// <summary>Those where the adapter is active, or, by a small chance and where there is none, those with a free place for one; all where there is neither.</summary>
    private int LoraAffinity(in PickContext context, Span<int> candidates)
    {
        var active = Count(context, candidates, active: true);
        var spare = Count(context, candidates, active: false);
        if (active + spare == 0)
        {
            return candidates.Length;
        }

        var wanted = active > 0 && (spare == 0 || context.Random.NextDouble() < parameters.LoraAffinityThreshold);
        var kept = 0;
        foreach (var server in candidates)
        {
            if (wanted ? IsActive(context, server) : IsSpare(context, server))
            {
                candidates[kept++] = server;
            }
        }

        return kept;
    }

    private static int Count(in PickContext context, ReadOnlySpan<int> candidates, bool active)
    {
        var count = 0;
        foreach (var server in candidates)
        {
            count += (active ? IsActive(context, server) : IsSpare(context, server)) ? 1 : 0;
        }

        return count;
    }

    private static bool IsActive(in PickContext context, int server) => context.View.Lora[server].Active.Contains(context.Request.TargetModel);

    private static bool IsSpare(in PickContext context, int server)
    {
        var lora = context.View.Lora[server];
        return lora.Active.Length < lora.MaxActive && !lora.Active.Contains(context.Request.TargetModel);
    }
}
