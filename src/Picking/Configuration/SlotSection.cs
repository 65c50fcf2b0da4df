using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>A place for one plugin: <c>{pluginRef: name}</c>.</summary>
public sealed record SlotSection
{
    /// <summary>The plugin.</summary>
    [Required]
    public PluginReference? PluginRef { get; init; }
}
