using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Filters;

/// <summary>Parameters of <c>prefix-cache-affinity-filter</c>, with the reference picker's names and defaults.</summary>
public sealed record PrefixCacheAffinityParameters
{
    /// <summary>Part of the prompt that a server must hold.</summary>
    [Range(double.MinValue, 1.0)]
    [Description("Part of the prompt that a server must have cached; with 0 or less all servers are kept.")]
    public double AffinityThreshold { get; init; } = 0.8;

    /// <summary>Chance that all servers are kept.</summary>
    [Range(0.0, 1.0)]
    [Description("Chance that all servers are kept.")]
    public double ExplorationProbability { get; init; }

    /// <summary>How much later the first token may come than elsewhere.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("Milliseconds by which the best server with the prompt may be slower to the first token than the best without it; beyond that all are kept. With 0 it may be as slow as it likes.")]
    public double MaxTTFTPenaltyMs { get; init; } = 18_000;

    /// <summary>Where the time to the first token comes from.</summary>
    [AllowedValues(PrefixCacheAffinityFilter.FromThroughput, PrefixCacheAffinityFilter.FromPredictor)]
    [Description("Where the time to the first token comes from: the tokens in flight and `peakPrefillThroughput`, or the predictor of latencies.")]
    public string TtftSource { get; init; } = PrefixCacheAffinityFilter.FromThroughput;

    /// <summary>Tokens of prompts that a server processes in a second.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("Tokens of prompts that a server processes in a second at its best.")]
    public double PeakPrefillThroughput { get; init; } = 15_928;

    /// <summary>Who finds the matches.</summary>
    [Description("Which producer finds the matches; without it the configuration's own or the default one.")]
    public PluginReference? PrefixMatchInfoProducerName { get; init; }

    /// <summary>Who predicts latencies.</summary>
    [Description("Which producer predicts latencies.")]
    public PluginReference? LatencyPredictionInfoProducerName { get; init; }

    /// <summary>Who counts what is in flight.</summary>
    [Description("Which producer counts what is in flight; without it the configuration's own or the default one.")]
    public PluginReference? InFlightLoadProducerName { get; init; }
}
