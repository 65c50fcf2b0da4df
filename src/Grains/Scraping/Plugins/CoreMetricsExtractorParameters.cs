using System.Collections.Immutable;
using System.ComponentModel;

namespace Orleans.Inference.Grains.Scraping.Plugins;

/// <summary>Parameters of <c>core-metrics-extractor</c>, with the reference picker's names and defaults.</summary>
public sealed record CoreMetricsExtractorParameters
{
    /// <summary>Label of a pod that names its engine.</summary>
    [Description("Label of a pod that names its engine; without it `inference.networking.k8s.io/engine-type` counts.")]
    public string EngineLabelKey { get; init; } = EngineMapping.EngineLabel;

    /// <summary>The engine of a pod that names none, or one that is not known.</summary>
    [Description("The engine of a pod that names none, or one that is not known.")]
    public string DefaultEngine { get; init; } = "vllm";

    /// <summary>Engines besides the known ones, or in their place.</summary>
    public ImmutableArray<EngineParameters> EngineConfigs { get; init; } = [];
}
