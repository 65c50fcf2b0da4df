using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Legacy;

/// <summary>Parameters of <c>legacy-filter-tree</c>: what version 0.3 of the reference picker reads from its environment.</summary>
public sealed record LegacyFilterTreeParameters
{
    /// <summary>Requests waiting up to which a server takes requests that are not critical.</summary>
    [Range(0, int.MaxValue)]
    [Description("Requests waiting up to which a server takes requests that are not critical; `QUEUE_THRESHOLD_CRITICAL`.")]
    public int QueueThresholdCritical { get; init; } = 5;

    /// <summary>Part of the KV cache in use up to which a server takes requests that are not critical.</summary>
    [Range(0.0, 1.0)]
    [Description("Part of the KV cache in use up to which a server takes requests that are not critical; `KV_CACHE_THRESHOLD`.")]
    public double KvCacheThreshold { get; init; } = 0.8;

    /// <summary>Requests waiting below which critical requests go by LoRA affinity first.</summary>
    [Range(0, int.MaxValue)]
    [Description("Requests waiting below which critical requests go by LoRA affinity first; `QUEUING_THRESHOLD_LORA`.")]
    public int QueuingThresholdLora { get; init; } = 128;

    /// <summary>Chance of the servers that have the adapter, against those with a free place for it.</summary>
    [Range(0.0, 1.0)]
    [Description("Chance of the servers that have the adapter, against those with a free place for it; `LORA_AFFINITY_THRESHOLD`.")]
    public double LoraAffinityThreshold { get; init; } = 0.999;
}
