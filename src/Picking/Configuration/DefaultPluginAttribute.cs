namespace Orleans.Inference.Picking.Configuration;

/// <summary>On a parameter that names a plugin: the name where none is given; the configuration must list a plugin of that name then.</summary>
/// <param name="name">Name of the instance.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultPluginAttribute(string name) : Attribute
{
    /// <summary>Name of the instance.</summary>
    public string Name => name;
}
