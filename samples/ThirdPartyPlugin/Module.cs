using Orleans.Inference.Picking.Configuration;

namespace ThirdPartyPlugin;

/// <summary>What <c>--plugin-assembly</c> finds.</summary>
public sealed class Module : IPluginModule
{
    /// <inheritdoc/>
    public void Register(PluginRegistry registry) => registry.Add(ZoneScorer.Definition);
}
