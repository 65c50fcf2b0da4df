namespace Orleans.Inference.Picking.Configuration;

/// <summary>One plugin of a configuration.</summary>
/// <param name="Name">Its name in the configuration; the type where it was given none.</param>
/// <param name="Definition">Its type.</param>
/// <param name="Plugin">The object.</param>
public sealed record PluginInstance(string Name, PluginDefinition Definition, object Plugin)
{
    /// <summary>What this one reads beside view and request: of data that comes in two kinds, the kind whose producer it names.</summary>
    public PluginData Consumes { get; init; } = Definition.Consumes;

    /// <summary>It isn't written in the configuration: it was added, with default parameters, because another plugin needs it.</summary>
    public bool IsImplied { get; init; }
}
