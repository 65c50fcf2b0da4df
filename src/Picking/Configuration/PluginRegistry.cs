using System.Diagnostics.CodeAnalysis;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>The types of plugins that configurations can name.</summary>
/// <remarks>Filled at the start of the process; read by any thread afterwards.</remarks>
public sealed class PluginRegistry
{
    private readonly Dictionary<string, PluginDefinition> _types = new(StringComparer.Ordinal);

    /// <summary>All types, by name.</summary>
    public IEnumerable<PluginDefinition> All => _types.Values.OrderBy(definition => definition.Type, StringComparer.Ordinal);

    /// <summary>A registry with all plugins of this library.</summary>
    public static PluginRegistry CreateBuiltIn()
    {
        var registry = new PluginRegistry();
        BuiltInPlugins.AddTo(registry);
        return registry;
    }

    /// <summary>Adds a type.</summary>
    /// <exception cref="ArgumentException">There is a type of that name, or the definition has no summary.</exception>
    public PluginRegistry Add(PluginDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentException.ThrowIfNullOrEmpty(definition.Summary);
        if (!_types.TryAdd(definition.Type, definition))
        {
            throw new ArgumentException($"there is a plugin type '{definition.Type}' already", nameof(definition));
        }

        return this;
    }

    /// <summary>Finds a type.</summary>
    public bool TryFind(string type, [NotNullWhen(true)] out PluginDefinition? definition) => _types.TryGetValue(type, out definition);

    /// <summary>The first type, by name, that produces <paramref name="data"/>; null where none does.</summary>
    internal PluginDefinition? DefaultProducer(PluginData data) =>
        KnownPlugins.DefaultProducers.TryGetValue(data, out var type) && _types.TryGetValue(type, out var known) ? known : All.FirstOrDefault(definition => (definition.Produces & data) != 0);
}
