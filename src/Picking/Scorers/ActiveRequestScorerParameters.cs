using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>Parameters of <c>active-request-scorer</c>, with the reference picker's names and defaults.</summary>
public sealed record ActiveRequestScorerParameters
{
    /// <summary>Up to this many requests count as none.</summary>
    [Range(0, int.MaxValue)]
    [ElseDefault]
    [Description("Up to this many requests in flight count as none.")]
    public int IdleThreshold { get; init; }

    /// <summary>What a server with more requests can come to.</summary>
    [Range(0.0, 1.0)]
    [ElseDefault]
    [Description("The score that a server with more requests can't reach.")]
    public double MaxBusyScore { get; init; } = 1;

    /// <summary>Who counts what is in flight.</summary>
    [Description("Which producer counts what is in flight; without it the configuration's own or the default one.")]
    public PluginReference? InFlightLoadProducerName { get; init; }

    /// <summary>Has no effect.</summary>
    [Description("Has no effect, as in the reference picker: a request counts until it has ended.")]
    public string? RequestTimeout { get; init; }
}
