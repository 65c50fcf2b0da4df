using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Tests.Configuration;

/// <summary>Loads configurations that tests write down.</summary>
internal static class Loading
{
    public const string Head = "apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\n";

    /// <summary>Loads what follows <see cref="Head"/>, which takes the lines 1 and 2.</summary>
    public static ConfigurationOutcome Load(string body, PluginRegistry? registry = null, bool experimental = false) =>
        ConfigurationLoader.Load("c.yaml", Head + body, registry ?? PluginRegistry.CreateBuiltIn(), new ConfigurationLoadOptions { AllowExperimentalPlugins = experimental });

    public static PickerConfiguration Accept(string body, PluginRegistry? registry = null)
    {
        var outcome = Load(body, registry);
        Assert.Empty(outcome.Faults);
        return outcome.Configuration!;
    }
}
