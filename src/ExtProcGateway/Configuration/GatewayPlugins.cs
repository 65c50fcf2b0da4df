using Orleans.Inference.ExtProcGateway.Rendering;
using Orleans.Inference.ExtProcGateway.Reporting;
using Orleans.Inference.Grains.Scraping.Plugins;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.ExtProcGateway.Configuration;

/// <summary>All types of plugins that a process of the product has.</summary>
public static class GatewayPlugins
{
    /// <summary>A registry with those of the decision, of scraping and of the front-end.</summary>
    public static PluginRegistry CreateRegistry()
    {
        var registry = PluginRegistry.CreateBuiltIn().AddMetricsPlugins();
        registry.Add(AgentIdentity.Definition);
        registry.Add(DestinationServedVerifier.Definition);
        registry.Add(RequestAttributeReporter.Definition);
        foreach (var plugin in RequestParserPlugin.Definitions.Concat(TokenProducer.Definitions))
        {
            registry.Add(plugin);
        }

        return registry;
    }
}
