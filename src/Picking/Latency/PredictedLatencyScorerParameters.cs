using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Latency;

/// <summary>Parameters of <c>predicted-latency-scorer</c>, with the names and defaults of the extension (v1.5), whose one plugin was producer and scorer.</summary>
public sealed record PredictedLatencyScorerParameters : CompositeScoreParameters
{
    /// <summary>Of the sidecar's sampling.</summary>
    [Description("Of the sidecar: no effect.")]
    public double SamplingMean { get; init; } = 1000;

    /// <summary>Of the sidecar's sampling.</summary>
    [Description("Of the sidecar: no effect.")]
    public int MaxSampledTokens { get; init; }

    /// <summary>Of the sidecar's sampling.</summary>
    [Description("Of the sidecar: no effect.")]
    public int MaxDecodeTokenSamplesForPrediction { get; init; }

    /// <summary>Factor of the objective for the time per token.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    [Description("With `streamingMode`: factor of the time per token that a request asks for.")]
    public double SloBufferFactor { get; init; } = 1;

    /// <summary>Of the sidecar's per-request state.</summary>
    [Nanoseconds]
    [Description("Of the sidecar: no effect.")]
    public TimeSpan ContextTTL { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The time per token counts.</summary>
    [Description("Whether the time per token counts, of answers that are streamed; else as `predicted-latency-producer` says.")]
    public bool StreamingMode { get; init; }

    /// <summary>Of the sidecar's models by role.</summary>
    [Description("Of the sidecar: no effect.")]
    public string EndpointRoleLabel { get; init; } = "";

    /// <summary>How the extension's plugin chose by its weights.</summary>
    [AllowedValues("linear", "max")]
    [Description("How the extension's plugin chose among the servers by itself: no effect. Here the profile's picker does; `max` is `max-score-picker`, `linear` is `weighted-random-picker`.")]
    public string SelectionMode { get; init; } = "linear";

    /// <summary>Weight of the time to the first token, of servers that are too slow.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("Weight of the time to the first token, of servers that are predicted to be too slow.")]
    public double NegHeadroomTTFTWeight { get; init; } = 0.8;

    /// <summary>Weight of the time per token, of servers that are too slow.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("Weight of the time for each token after it, of servers that are predicted to be too slow.")]
    public double NegHeadroomTPOTWeight { get; init; } = 0.2;

    /// <summary>Weight of the time to the first token, of servers that are fast enough.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("Weight of the time to the first token, of servers that are predicted to do what is asked for.")]
    public double HeadroomTTFTWeight { get; init; } = 0.8;

    /// <summary>Weight of the time per token, of servers that are fast enough.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("Weight of the time for each token after it, of servers that are predicted to do what is asked for.")]
    public double HeadroomTPOTWeight { get; init; } = 0.2;

    /// <summary>Which of the servers that meet the objectives is best.</summary>
    [AllowedValues("least", "most", "composite-least", "composite-most", "composite-only")]
    [Description("Of servers that do what is asked for: `least` prefers the one that is nearest to its limits, `most` the one that is furthest, `composite-least` and `composite-most` go by the score "
        + "without predictions instead, the fullest or the emptiest; `composite-only` goes by that score alone.")]
    public string HeadroomSelectionStrategy { get; init; } = "least";

    /// <summary>Chance that a prefix match does not bind.</summary>
    [Range(0.0, 1.0)]
    [Description("Chance that `affinityGateTauGlobal` or `affinityGateTau` is left out.")]
    public double EpsilonExploreSticky { get; init; } = 0.01;

    /// <summary>Chance that servers which are too slow are scored.</summary>
    [Range(0.0, 1.0)]
    [Description("Chance that the servers which are predicted to be too slow are scored instead of the others.")]
    public double EpsilonExploreNeg { get; init; } = 0.01;

    /// <summary>Prefix match that binds within a tier.</summary>
    [Range(0.0, 1.0)]
    [Description("Within those that are fast enough, or too slow: where some hold at least this part of the prompt, only these are scored. 0 is off.")]
    public double AffinityGateTau { get; init; } = 0.80;

    /// <summary>Prefix match that binds before all.</summary>
    [Range(0.0, 1.0)]
    [Description("Before anything else: where some servers hold at least this part of the prompt, only these are scored. 0 is off.")]
    public double AffinityGateTauGlobal { get; init; } = 0.99;

    /// <summary>What a prefix match may cost.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("A prefix match does not bind where the fastest of those that have it is predicted to take so many milliseconds longer to its first token than the fastest other. 0: it always binds.")]
    public double AffinityMaxTTFTPenaltyMs { get; init; } = 5000;
}
