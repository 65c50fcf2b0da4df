using System.Collections.Immutable;
using Orleans.Inference.Picking.Tracing;
using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>The plugins of one configuration while it is built: checks what is written of them, adds what they need, and makes them, each after those that it refers to.</summary>
internal sealed class PluginSet(PluginRegistry registry, ConfigurationLoadOptions options, YamlIssues issues, YamlNode root)
{
    private readonly List<PluginEntry> _entries = [];
    private readonly Dictionary<string, PluginEntry> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PluginDefinition> _definitions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _faulty = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PluginInstance> _instances = new(StringComparer.Ordinal);

    /// <summary>Those that were made, in the order of the configuration; those that were added come last.</summary>
    public IEnumerable<PluginInstance> Instances => _entries.Select(entry => _instances.GetValueOrDefault(entry.Name)).OfType<PluginInstance>();

    /// <summary>Where an instance is written; the configuration's begin for one that was added.</summary>
    public YamlNode PlaceOf(string name) => _byName[name].At;

    public bool IsImplied(string name) => _byName[name].IsImplied;

    /// <summary>Whether a plugin with that role may be missing only because its entry is faulty, which has been told.</summary>
    public bool MayLack(PluginRoles role) =>
        _entries.Exists(entry => !_definitions.TryGetValue(entry.Name, out var definition) || (definition.Roles.HasFlag(role) && _faulty.Contains(entry.Name)));

    /// <summary>Takes an entry, checked.</summary>
    public void Declare(PluginEntry entry)
    {
        if (_byName.TryGetValue(entry.Name, out var first))
        {
            issues.Error(entry.At, $"plugin name '{entry.Name}' is given twice, first in line {first.At.Line}");
            return;
        }

        if (registry.TryFind(entry.Type, out var definition) && entry.Parameters is { } parameters)
        {
            entry = entry with { Parameters = ParameterSpelling.Corrected(definition.Parameters, parameters, "parameters", issues) };
        }

        _byName.Add(entry.Name, entry);
        _entries.Add(entry);
        if (definition is null)
        {
            issues.Error(entry.TypeAt, KnownPlugins.StabilityOf(entry.Type) is null
                ? $"unknown plugin type '{entry.Type}'"
                : $"plugin type '{entry.Type}' is known to the reference picker, but not implemented here");
            return;
        }

        if (definition.Stability == PluginStability.Alpha && !options.AllowExperimentalPlugins)
        {
            issues.Error(entry.TypeAt, $"plugin '{entry.Name}' (type: '{entry.Type}') has Alpha stability level, but command line flag --allow-experimental-plugins is not set");
        }

        if (definition.Stability == PluginStability.Deprecated)
        {
            issues.Warning(entry.TypeAt, $"plugin type '{entry.Type}' is deprecated" + (definition.ReplacedBy.Length == 0 ? "" : $"; use {definition.ReplacedBy}"));
        }

        _definitions.Add(entry.Name, definition);
    }

    /// <summary>Adds an instance of a type with default parameters, unless there is one of that name; the type must be registered.</summary>
    public void Ensure(string type)
    {
        if (!_byName.ContainsKey(type) && registry.TryFind(type, out _))
        {
            Declare(new(type, type, root, root, null, IsImplied: true));
        }
    }

    /// <summary>Adds the producers of data that plugins consume and nobody here produces.</summary>
    public void EnsureProducers()
    {
        // Producers may consume in turn; each round adds one at least, of a finite number.
        while (true)
        {
            var consumed = _definitions.Keys.Aggregate(PluginData.None, (all, name) => all | ConsumedBy(_byName[name]));
            var missing = consumed & ~_definitions.Values.Aggregate(PluginData.None, (all, definition) => all | definition.Produces);
            if (Enum.GetValues<PluginData>().Where(data => data != PluginData.None && (missing & data) != 0)
                .Select(registry.DefaultProducer).OfType<PluginDefinition>().FirstOrDefault(producer => !_byName.ContainsKey(producer.Type)) is not { } next)
            {
                return;
            }

            Ensure(next.Type);
        }
    }

    /// <summary>Makes all that are not made yet.</summary>
    public void Make(ImmutableArray<string> profiles)
    {
        var open = new Dictionary<string, List<PluginReference>>(StringComparer.Ordinal);
        var parameters = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var entry in _entries.Where(entry => _definitions.ContainsKey(entry.Name) && !_instances.ContainsKey(entry.Name) && !_faulty.Contains(entry.Name)))
        {
            var references = new List<PluginReference>();
            var before = issues.ErrorCount;
            parameters[entry.Name] = new ParameterBinder(issues, references).Bind(_definitions[entry.Name].Parameters, entry.Parameters, entry.At, "parameters");
            var defined = references.Where(IsDefined).ToList();

            // Of a plugin with faulty parameters no more is told: what its own checks say would follow from them.
            if (issues.ErrorCount == before)
            {
                open[entry.Name] = defined;
            }
            else
            {
                _faulty.Add(entry.Name);
            }
        }

        while (open.Count > 0)
        {
            var ready = _entries.FirstOrDefault(entry => open.TryGetValue(entry.Name, out var needs) && !needs.Exists(need => open.ContainsKey(need.Name)));
            if (ready is null)
            {
                var first = _entries.First(entry => open.ContainsKey(entry.Name));
                issues.Error(first.At, $"plugins refer to each other in a circle: {string.Join(", ", open.Keys)}");
                _faulty.UnionWith(open.Keys);
                return;
            }

            open.Remove(ready.Name);
            Make(ready, parameters[ready.Name], profiles);
        }
    }

    /// <summary>The plugin that a slot names. Null where there is none or it is of no use there, which is told, or where it is faulty itself.</summary>
    /// <param name="role">What the slot needs: one of these.</param>
    public PluginInstance? Find(PluginReference reference, PluginRoles role)
    {
        if (!IsDefined(reference) || !_instances.TryGetValue(reference.Name, out var instance))
        {
            return null;
        }

        if ((instance.Definition.Roles & role) != 0)
        {
            return instance;
        }

        issues.Error(reference.At, $"{reference.Path}: plugin '{reference.Name}' (type: '{instance.Definition.Type}') can't be used here: it is no {role.Describe()}");
        return null;
    }

    /// <summary>What an entry reads: prefix matches are precise where the producer that it names makes such.</summary>
    private PluginData ConsumedBy(PluginEntry entry)
    {
        var consumed = _definitions[entry.Name].Consumes;
        return (consumed & PluginData.PrefixMatch) != 0
            && entry.Parameters?.Find("prefixMatchInfoProducerName") is { Text: var name }
            && _definitions.TryGetValue(name, out var producer) && (producer.Produces & PluginData.PrecisePrefixMatch) != 0
            ? (consumed & ~PluginData.PrefixMatch) | PluginData.PrecisePrefixMatch
            : consumed;
    }

    private bool IsDefined(PluginReference reference)
    {
        if (_byName.ContainsKey(reference.Name))
        {
            return true;
        }

        issues.Error(reference.At, $"{reference.Path}: there is no plugin '{reference.Name}'");
        return false;
    }

    private void Make(PluginEntry entry, object parameters, ImmutableArray<string> profiles)
    {
        var context = new PluginContext(entry.Name, options, profiles, entry.At, entry.Parameters, issues, name => _instances.GetValueOrDefault(name)?.Plugin);
        try
        {
            var definition = _definitions[entry.Name];
            var plugin = definition.Create(parameters, context);
            PluginName.Set(plugin, definition.Type, entry.Name);
            _instances.Add(entry.Name, new(entry.Name, definition, plugin) { Consumes = ConsumedBy(entry), IsImplied = entry.IsImplied });
        }
#pragma warning disable CA1031 // Whatever a plugin's constructor throws, it is this entry that is wrong.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _faulty.Add(entry.Name);
            issues.Error(entry.At, $"plugin '{entry.Name}' can't be made: {exception.Message}");
        }
    }
}
