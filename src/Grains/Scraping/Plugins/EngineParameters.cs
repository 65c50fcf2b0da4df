using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Grains.Scraping.Plugins;

/// <summary>The metrics of one engine, in <see cref="CoreMetricsExtractorParameters"/>. A metric is <c>name</c> or <c>name{label=value}</c>; empty is not read.</summary>
public sealed record EngineParameters
{
    /// <summary>As the pods' label names it.</summary>
    [Required]
    [Description("As the pods' label names it; not `default`.")]
    public string Name { get; init; } = "";

    /// <summary>Requests waiting.</summary>
    [Description("Requests waiting.")]
    public string QueuedRequestsSpec { get; init; } = "";

    /// <summary>Requests running.</summary>
    [Description("Requests running.")]
    public string RunningRequestsSpec { get; init; } = "";

    /// <summary>Part of the KV cache in use.</summary>
    [Description("Part of the KV cache in use, 0 to 1.")]
    public string KvUsageSpec { get; init; } = "";

    /// <summary>LoRA adapters, in labels.</summary>
    [Description("LoRA adapters, in labels.")]
    public string LoraSpec { get; init; } = "";

    /// <summary>The cache's configuration, in labels.</summary>
    [Description("The cache's configuration, in labels.")]
    public string CacheInfoSpec { get; init; } = "";

    /// <summary>The label with the tokens of a block.</summary>
    [Description("Its label with the tokens of a block.")]
    public string CacheBlockSizeLabelName { get; init; } = "block_size";

    /// <summary>The label with the number of blocks.</summary>
    [Description("Its label with the number of blocks.")]
    public string CacheNumBlocksLabelName { get; init; } = "num_gpu_blocks";

    /// <summary>Tokens of a block, as a figure.</summary>
    [Description("Tokens of a block, where they are a figure.")]
    public string CacheBlockSizeSpec { get; init; } = "";

    /// <summary>Number of blocks, as a figure.</summary>
    [Description("Number of blocks, where it is a figure.")]
    public string CacheNumBlocksSpec { get; init; } = "";

    /// <summary>Further metrics.</summary>
    public ImmutableArray<CustomMetricParameters> CustomMetrics { get; init; } = [];
}
