using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Saturation;

/// <summary>Parameters of <c>concurrency-detector</c>, with the reference picker's names and defaults.</summary>
public sealed record ConcurrencyDetectorParameters
{
    /// <summary>What is counted.</summary>
    [AllowedValues(ConcurrencyDetector.ByRequests, ConcurrencyDetector.ByTokens, ConcurrencyDetector.ByBoth)]
    [Description("What is counted.")]
    public string ConcurrencyMode { get; init; } = ConcurrencyDetector.ByRequests;

    /// <summary>Requests in flight at which a server counts as full.</summary>
    [Range(0, int.MaxValue, MinimumIsExclusive = true)]
    [Description("Requests in flight at which a server counts as full.")]
    public int MaxConcurrency { get; init; } = 100;

    /// <summary>Tokens in flight at which a server counts as full.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    [Description("Tokens in flight at which a server counts as full.")]
    public long MaxTokenConcurrency { get; init; } = 1_000_000;

    /// <summary>As a filter: how far above the limits servers are kept.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("As a filter: servers are kept below limit · (1 + headroom).")]
    public double Headroom { get; init; }

    /// <summary>Who counts what is in flight.</summary>
    [Description("Which producer counts what is in flight; without it the configuration's own or the default one.")]
    public PluginReference? InFlightLoadProducerName { get; init; }
}
