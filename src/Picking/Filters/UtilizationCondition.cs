using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Filters;

/// <summary>A limit of <c>utilization-filter</c>.</summary>
public sealed record UtilizationCondition
{
    /// <summary>The figure.</summary>
    [Required]
    [AllowedValues("active-requests", "running-requests", "waiting-queue", "kv-cache-utilization")]
    [Description("The figure: requests that the picker has in flight on a server, requests that the server says are running or waiting, or the part of its KV cache in use.")]
    public string Metric { get; init; } = "";

    /// <summary>Its greatest value.</summary>
    [Required]
    [Range(0.0, double.MaxValue)]
    [Description("The greatest value that a server that is kept has; of `kv-cache-utilization` at most 1.")]
    public double? MaxValue { get; init; }
}
