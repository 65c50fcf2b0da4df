namespace Orleans.Inference.Picking.Configuration;

/// <summary>A place for a saturation detector: <c>{pluginRef: name}</c>; without a name the default detector.</summary>
public sealed record DetectorSlotSection
{
    /// <summary>The plugin; null for the default one.</summary>
    public PluginReference? PluginRef { get; init; }
}
