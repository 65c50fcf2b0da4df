using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Grains.Scraping.Plugins;

/// <summary>A metric besides those that are known, in <see cref="EngineParameters"/>.</summary>
public sealed record CustomMetricParameters
{
    /// <summary>How plugins name it.</summary>
    [Required]
    [Description("How plugins name it. Not read in this version; a warning says so.")]
    public string AttributeKey { get; init; } = "";

    /// <summary>The metric.</summary>
    [Required]
    [Description("The metric, as `name` or `name{label=value}`.")]
    public string MetricSpec { get; init; } = "";
}
