using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Latency;

/// <summary>Parameters of <c>predicted-latency-producer</c>, with the reference picker's names and defaults.</summary>
public sealed record PredictedLatencyParameters
{
    /// <summary>Of the reference's sampling of tokens.</summary>
    [Description("Of the reference's sidecar: no effect. Every answer is learned from.")]
    public double SamplingMean { get; init; } = 1000;

    /// <summary>Of the reference's sampling of tokens.</summary>
    [Description("Of the reference's sidecar: no effect.")]
    public int MaxDecodeTokenSamplesForPrediction { get; init; }

    /// <summary>Factor of the objective for the time per token.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    [Description("Factor of the time per token that a request asks for: below 1 leaves a margin.")]
    public double SloBufferFactor { get; init; } = 1;

    /// <summary>Of the reference's per-request state.</summary>
    [Nanoseconds]
    [Description("Of the reference's sidecar: no effect. What is kept of a request ends with it.")]
    public TimeSpan ContextTTL { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The time per token counts.</summary>
    [Description("Whether the time per token counts, of answers that are streamed; else every server is right in it.")]
    public bool StreamingMode { get; init; }

    /// <summary>Of the reference's models by role.</summary>
    [Description("No effect: a pool has one model of its latencies.")]
    public string EndpointRoleLabel { get; init; } = "";

    /// <summary>Predict, not only learn.</summary>
    [Description("Whether there are predictions; `false` only learns.")]
    public bool PredictInProduce { get; init; } = true;

    /// <summary>Who finds out prefix matches.</summary>
    [Description("Which producer finds out prefix matches; without it the configuration's own or the default one.")]
    public PluginReference? PrefixMatchInfoProducerName { get; init; }

    /// <summary>Who counts what is in flight.</summary>
    [Description("Which producer counts what is in flight; without it the configuration's own or the default one.")]
    public PluginReference? InFlightLoadProducerName { get; init; }

    /// <summary>Of the reference's features of images and sounds.</summary>
    [Description("No effect: images and sounds are no features here.")]
    public bool UseEncoderCacheFeatures { get; init; }
}
