using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Filters;

/// <summary>Parameters of <c>utilization-filter</c>, with the reference picker's names and defaults.</summary>
public sealed record UtilizationFilterParameters
{
    /// <summary>What a server that is kept meets.</summary>
    [Required]
    [MinLength(1)]
    public ImmutableArray<UtilizationCondition> Conditions { get; init; } = [];

    /// <summary>Where no server meets them, keep all.</summary>
    [Description("Where no server meets the conditions, keep all.")]
    public bool FallbackOnEmpty { get; init; }

    /// <summary>Who counts what is in flight.</summary>
    [Description("Which producer counts what is in flight; without it the configuration's own or the default one.")]
    public PluginReference? InFlightLoadProducerName { get; init; }
}
