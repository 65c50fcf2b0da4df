using System.ComponentModel;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Filters;

/// <summary>Parameters of <c>fresh-filter</c>.</summary>
public sealed record FreshFilterParameters
{
    /// <summary>Age from which figures count as stale.</summary>
    [AboveZero]
    [Description("Age from which figures count as stale; without it what `--metrics-staleness-threshold` says.")]
    public TimeSpan? Staleness { get; init; }
}
