using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Scorers;

/// <summary><c>kv-cache-utilization-scorer</c>: 1 − the part of the KV cache in use.</summary>
public sealed class KvCacheUtilizationScorer : IScorer
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of("kv-cache-utilization-scorer", _ => new KvCacheUtilizationScorer()) with
    {
        Summary = "Prefers servers with more of their KV cache free.",
        Formula = "1 − part of the KV cache in use",
    };

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        var usage = context.KvUsage;
        for (var i = 0; i < candidates.Length; i++)
        {
            scores[i] = 1 - usage[candidates[i]];
        }
    }
}
