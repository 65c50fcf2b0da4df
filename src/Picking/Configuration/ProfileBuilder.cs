using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>Puts one profile together.</summary>
internal sealed class ProfileBuilder(PluginSet plugins, YamlIssues issues)
{
    private readonly List<IFilter> _filters = [];
    private readonly List<WeightedScorer> _scorers = [];
    private PluginInstance? _picker;

    /// <summary>A profile as it is written; null where something is wrong with it, which is told.</summary>
    public SchedulingProfile? Build(ProfileEntry profile)
    {
        foreach (var entry in profile.Plugins)
        {
            if (entry.PluginRef is { } reference && plugins.Find(reference, PluginRoles.Filter | PluginRoles.Scorer | PluginRoles.Picker) is { } instance)
            {
                Add(instance, entry.Weight, reference.At);
            }
        }

        return profile.Name.Length == 0 ? null : Build(profile.Name);
    }

    /// <summary>Adds a plugin in each of its roles.</summary>
    /// <param name="weight">Of a scorer; null means 1.</param>
    public void Add(PluginInstance instance, double? weight, YamlNode at)
    {
        if (instance.Plugin is IFilter filter)
        {
            _filters.Add(filter);
        }

        if (instance.Plugin is IScorer scorer)
        {
            _scorers.Add(new(scorer, weight ?? 1));
        }
        else if (weight is not null)
        {
            issues.Warning(at, $"the weight of '{instance.Name}' has no effect: it is no scorer");
        }

        if (instance.Plugin is not IPicker)
        {
            return;
        }

        if (_picker is not null)
        {
            issues.Error(at, $"a profile has one picker; '{_picker.Name}' is one already, and '{instance.Name}' is another");
        }

        _picker ??= instance;
    }

    /// <summary>The profile; without a picker of its own it has the configuration's first, or the default one.</summary>
    public SchedulingProfile? Build(string name) =>
        (_picker ?? plugins.Instances.FirstOrDefault(instance => instance.Plugin is IPicker))?.Plugin is IPicker picker ? new(name, _filters, _scorers, picker) : null;
}
