using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>An entry of <c>dataLayer.sources</c>.</summary>
internal sealed record DataSourceSection
{
    [Required]
    public PluginReference? PluginRef { get; init; }

    public ImmutableArray<SlotSection> Extractors { get; init; } = [];
}
