using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>The name of another plugin of the configuration, as a parameter or in a slot; see <see cref="PluginContext.Resolve{T}"/>.</summary>
/// <remarks>Immutable.</remarks>
public sealed class PluginReference
{
    internal PluginReference(string name, string path, YamlNode at)
    {
        Name = name;
        Path = path;
        At = at;
    }

    /// <summary>Name of the instance.</summary>
    public string Name { get; }

    /// <summary>The field that holds it.</summary>
    internal string Path { get; }

    internal YamlNode At { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
