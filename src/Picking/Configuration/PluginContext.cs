using System.Collections.Immutable;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>What a plugin may ask for while it is made.</summary>
/// <remarks>Of use only during that call.</remarks>
public sealed class PluginContext
{
    private readonly YamlNode? _parameters;
    private readonly YamlNode _entry;
    private readonly YamlIssues _issues;
    private readonly Func<string, object?> _find;

    internal PluginContext(string name, ConfigurationLoadOptions options, ImmutableArray<string> profiles, YamlNode entry, YamlNode? parameters, YamlIssues issues, Func<string, object?> find)
    {
        Name = name;
        Options = options;
        Profiles = profiles;
        _entry = entry;
        _parameters = parameters;
        _issues = issues;
        _find = find;
    }

    /// <summary>The instance's name in the configuration.</summary>
    public string Name { get; }

    /// <summary>Names of the profiles; a profile's place here is its index for <see cref="Scheduling.IProfileHandler"/>.</summary>
    public ImmutableArray<string> Profiles { get; }

    /// <summary>Age from which a server's figures count as stale, <c>--metrics-staleness-threshold</c>.</summary>
    public TimeSpan MetricsStaleness => Options.MetricsStaleness;

    /// <summary>The process's clock.</summary>
    public TimeProvider Time => Options.Time;

    internal ConfigurationLoadOptions Options { get; }

    /// <summary>The plugin that a parameter names; it is made before. Null for no reference; also for one to a plugin of another kind or a faulty one, which is told.</summary>
    public T? Resolve<T>(PluginReference? reference)
        where T : class
    {
        if (reference is null || _find(reference.Name) is not { } plugin)
        {
            return null;
        }

        if (plugin is T wanted)
        {
            return wanted;
        }

        _issues.Error(reference.At, $"{reference.Path}: plugin '{reference.Name}' can't be used here: it is no {Describe(typeof(T))}");
        return null;
    }

    /// <summary>Whether a plugin that names a producer of prefix matches goes by the servers' own events: <see cref="Scheduling.PickContext.WithPrefix"/>.</summary>
    public bool IsPrecise(PluginReference? producer) => Resolve<IDataProducer>(producer) is IPrecisePrefixSource;

    /// <summary>The configuration is refused.</summary>
    /// <param name="parameter">Name of the parameter that is wrong; empty for the plugin as a whole.</param>
    public void Fault(string parameter, string message) => _issues.Error(At(parameter), $"plugin '{Name}': {message}");

    /// <summary>The operator is told.</summary>
    /// <param name="parameter">Name of the parameter; empty for the plugin as a whole.</param>
    public void Warn(string parameter, string message) => _issues.Warning(At(parameter), $"plugin '{Name}': {message}");

    /// <summary>Whether a parameter is written in the configuration.</summary>
    internal bool IsGiven(string parameter) => _parameters?.Find(parameter) is not null;

    /// <summary>By what a configuration calls it, where it is one of the product's interfaces.</summary>
    private static string Describe(Type wanted) => wanted.IsInterface && PluginDefinition.RolesOf(wanted) is not PluginRoles.None and var roles ? roles.Describe() : wanted.Name;

    private YamlNode At(string parameter) => _parameters?.Find(parameter) ?? _parameters ?? _entry;
}
