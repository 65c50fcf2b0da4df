using System.Collections.Immutable;
using Orleans.Inference.Picking.Saturation;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>Makes of what is written what runs, with the reference picker's defaults for what is left out.</summary>
internal sealed class ConfigurationBuilder(PluginRegistry registry, ConfigurationLoadOptions options, YamlIssues issues)
{
    private const string DefaultProfile = "default";
    private const string DefaultHandler = "single-profile-handler";
    private const string DefaultPicker = "max-score-picker";
    private const string DefaultDetector = "utilization-detector";

    /// <summary>Can be named in their slots without being listed: the reference picker makes them whether they are or not. So it does with the parsers, but only with those that are named.</summary>
    private static readonly ImmutableArray<string> Implied =
        ["fcfs-ordering-policy", "global-strict-fairness-policy", "static-usage-limit-policy", DefaultDetector];

    /// <summary>Null where something is wrong, which is told.</summary>
    public PickerConfiguration? Build(ConfigurationDocument document)
    {
        // 1. What is written of plugins.
        var plugins = new PluginSet(registry, options, issues, document.Root);
        foreach (var entry in document.Plugins)
        {
            plugins.Declare(entry);
        }

        foreach (var type in Implied)
        {
            plugins.Ensure(type);
        }

        foreach (var parser in document.Parsers.Where(parser => registry.TryFind(parser.Name, out var type) && type.Roles.HasFlag(PluginRoles.Parser)))
        {
            plugins.Ensure(parser.Name);
        }

        plugins.EnsureProducers();

        // 2. The plugins, in the order of their references.
        var profiles = CheckedProfiles(document);
        var profileNames = profiles.Count == 0 ? [DefaultProfile] : profiles.Select(profile => profile.Name).ToImmutableArray();
        plugins.Make(profileNames);

        // 3. What is left out.
        if (!plugins.Instances.Any(instance => instance.Definition.Roles.HasFlag(PluginRoles.Picker)))
        {
            plugins.Ensure(DefaultPicker);
        }

        var handlers = plugins.Instances.Where(instance => instance.Definition.Roles.HasFlag(PluginRoles.ProfileHandler)).ToList();
        if (handlers.Count == 0 && profileNames.Length == 1)
        {
            plugins.Ensure(DefaultHandler);
        }

        plugins.Make(profileNames);

        // 4. The slots.
        var handler = FindHandler(plugins, handlers, profiles);
        var detector = document.SaturationDetector is { } named
            ? plugins.Find(named, PluginRoles.SaturationDetector)
            : plugins.Instances.FirstOrDefault(instance => instance.Name == DefaultDetector);
        var parsers = document.Parsers.Select(parser => plugins.Find(parser, PluginRoles.Parser)).OfType<PluginInstance>().ToImmutableArray();
        StalenessCheck.Run(plugins, detector?.Name, options, issues);
        SlotChecks.CheckFlowControl(document, plugins, issues);
        SlotChecks.CheckDataLayer(document, plugins, issues);
        var built = profiles.Count == 0 ? [ProfileOfAll(plugins)] : profiles.Select(profile => new ProfileBuilder(plugins, issues).Build(profile)).ToList();
        if (issues.HasErrors)
        {
            return null;
        }

        var scheduler = new Scheduler((IProfileHandler)handler!.Plugin, [.. built.OfType<SchedulingProfile>()]);
        return new(scheduler, (ISaturationDetector)detector!.Plugin, parsers, [.. plugins.Instances], document.FeatureGates, document.FlowControl);
    }

    private IReadOnlyList<ProfileEntry> CheckedProfiles(ConfigurationDocument document)
    {
        var seen = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var profile in document.Profiles.Where(profile => profile.Name.Length > 0))
        {
            if (!seen.TryAdd(profile.Name, profile.At))
            {
                issues.Error(profile.At, $"profile name '{profile.Name}' is given twice, first in line {seen[profile.Name].Line}");
            }
        }

        return document.Profiles;
    }

    private PluginInstance? FindHandler(PluginSet plugins, List<PluginInstance> handlers, IReadOnlyList<ProfileEntry> profiles)
    {
        if (handlers.Count > 1)
        {
            issues.Error(plugins.PlaceOf(handlers[1].Name), $"multiple profile handlers found: {string.Join(", ", handlers.Select(handler => $"'{handler.Name}'"))}");
        }
        else if (handlers.Count == 0 && profiles.Count > 1 && !plugins.MayLack(PluginRoles.ProfileHandler))
        {
            issues.Error(profiles[1].At, $"{profiles.Count} profiles need a profile handler that chooses among them, and no plugin is one");
        }

        return handlers.FirstOrDefault() ?? plugins.Instances.FirstOrDefault(instance => instance.Name == DefaultHandler);
    }

    /// <summary>Without profiles, all plugins that a profile can have make one.</summary>
    private SchedulingProfile? ProfileOfAll(PluginSet plugins)
    {
        const PluginRoles roles = PluginRoles.Filter | PluginRoles.Scorer | PluginRoles.Picker;
        var builder = new ProfileBuilder(plugins, issues);
        foreach (var instance in plugins.Instances.Where(instance => (instance.Definition.Roles & roles) != 0 && !plugins.IsImplied(instance.Name)))
        {
            builder.Add(instance, weight: null, plugins.PlaceOf(instance.Name));
        }

        return builder.Build(DefaultProfile);
    }
}
