using System.Collections.Immutable;
using Orleans.Inference.Picking.Admission;
using Orleans.Inference.Picking.Saturation;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>An <c>EndpointPickerConfig</c> that is valid, with its plugins made.</summary>
/// <remarks>Immutable; swapped whole when another is loaded.</remarks>
public sealed class PickerConfiguration
{
    internal PickerConfiguration(Scheduler scheduler, ISaturationDetector detector, ImmutableArray<PluginInstance> parsers, ImmutableArray<PluginInstance> plugins, FeatureGates gates, FlowControlSection flowControl)
    {
        Scheduler = scheduler;
        SaturationDetector = detector;
        Parsers = [.. parsers.Select(parser => parser.Definition.Type)];
        Plugins = plugins;
        Admitters = [.. plugins.Select(plugin => plugin.Plugin).OfType<IAdmitter>()];
        FeatureGates = gates;
        FlowControl = flowControl;
        Hooks = new RequestHooks(plugins.Select(plugin => plugin.Plugin));
        foreach (var plugin in plugins)
        {
            Consumes |= plugin.Consumes;
        }
    }

    /// <summary>The profiles and their handler.</summary>
    public Scheduler Scheduler { get; }

    /// <summary>The plugins that take part in a request beside its decision.</summary>
    public RequestHooks Hooks { get; }

    /// <summary>Says when requests that may be shed are.</summary>
    public ISaturationDetector SaturationDetector { get; }

    /// <summary>Say whether a request is served at all, in the order of the configuration.</summary>
    public ImmutableArray<IAdmitter> Admitters { get; }

    /// <summary>Types of the parsers of request bodies, in order; empty leaves the choice to the gateway.</summary>
    public ImmutableArray<string> Parsers { get; }

    /// <summary>All plugins, those that were added by default included.</summary>
    public ImmutableArray<PluginInstance> Plugins { get; }

    /// <summary>What is switched on and off.</summary>
    public FeatureGates FeatureGates { get; }

    /// <summary>The section of that name, with its defaults.</summary>
    public FlowControlSection FlowControl { get; }

    /// <summary>What the plugins read beside view and request: only that is to be found out for a decision.</summary>
    public PluginData Consumes { get; }

    /// <summary>The first plugin of a class; null where there is none. Walks through all: keep what it answers.</summary>
    public T? Find<T>()
        where T : class
    {
        foreach (var instance in Plugins)
        {
            if (instance.Plugin is T wanted)
            {
                return wanted;
            }
        }

        return null;
    }

    /// <summary>Lets each plugin that is an <see cref="ISuccessor"/> take over from that of the same name and type in the configuration before. For once, before this one is served by.</summary>
    /// <returns>What plugins threw; such a plugin begins anew.</returns>
    public IReadOnlyList<string> TakeOver(PickerConfiguration predecessor)
    {
        ArgumentNullException.ThrowIfNull(predecessor);
        var failures = new List<string>();
        foreach (var instance in Plugins)
        {
            var before = predecessor.Plugins.FirstOrDefault(plugin => plugin.Name == instance.Name && plugin.Definition.Type == instance.Definition.Type);
            if (instance.Plugin is not ISuccessor successor || before?.Plugin.GetType() != instance.Plugin.GetType())
            {
                continue;
            }

            try
            {
                successor.TakeOver(before.Plugin);
            }
#pragma warning disable CA1031 // Whatever a plugin throws, the others and the configuration are right.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failures.Add($"plugin '{instance.Name}' took nothing over: {exception.Message}");
            }
        }

        return failures;
    }

    /// <summary>Whether there is a plugin of a type.</summary>
    public bool Has(string type) => Plugins.Any(plugin => plugin.Definition.Type == type);
}
