using System.Collections.Immutable;
using Orleans.Inference.Picking.Admission;
using Orleans.Inference.Picking.Saturation;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scheduling.Disaggregation;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>A type of plugin: its name in configurations, its parameters, how one is made, and what docs/plugins.md says of it.</summary>
/// <remarks>Immutable.</remarks>
public sealed record PluginDefinition
{
    private PluginDefinition(string type, Type plugin, Type parameters, Func<object, PluginContext, object> create)
    {
        Type = type;
        Parameters = parameters;
        Create = create;
        Roles = RolesOf(plugin);
        Stability = KnownPlugins.StabilityOf(type) ?? PluginStability.Own;
    }

    /// <summary>The name, such as <c>queue-scorer</c>.</summary>
    public string Type { get; }

    /// <summary>How settled it is; of the reference picker's types what the reference says.</summary>
    public PluginStability Stability { get; init; }

    /// <summary>Where it can be used; by default what the class implements.</summary>
    public PluginRoles Roles { get; init; }

    /// <summary>One sentence: what it does.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Of a scorer: the score of one candidate. Empty where the summary says it all.</summary>
    public string Formula { get; init; } = "";

    /// <summary>An entry of <c>plugins</c>, as YAML; made from the type where it is empty.</summary>
    public string Example { get; init; } = "";

    /// <summary>What it reads beside view and request.</summary>
    public PluginData Consumes { get; init; }

    /// <summary>What it finds out for others.</summary>
    public PluginData Produces { get; init; }

    /// <summary>Of a deprecated type: what to use instead.</summary>
    public string ReplacedBy { get; init; } = "";

    /// <summary>Type of the parameters' record.</summary>
    internal Type Parameters { get; }

    /// <summary>Makes an instance.</summary>
    internal Func<object, PluginContext, object> Create { get; }

    /// <summary>A type of plugin with parameters.</summary>
    /// <typeparam name="TPlugin">The plugin's class.</typeparam>
    /// <typeparam name="TParameters">
    /// A record with a public constructor without parameters; each settable property is a parameter by its name in camelCase, its initial value is the default. Types: <see cref="string"/>,
    /// <see cref="bool"/>, <see cref="int"/>, <see cref="long"/>, <see cref="double"/>, <see cref="TimeSpan"/> (<c>200ms</c>), <see cref="PluginReference"/>, records, and
    /// <see cref="ImmutableArray{T}"/> and <see cref="ImmutableDictionary{TKey, TValue}"/> of these. The attributes Range, AllowedValues, Required and MinLength of
    /// System.ComponentModel.DataAnnotations are checked; Description (System.ComponentModel) is for the docs.
    /// </typeparam>
    /// <param name="create">Makes an instance. What is wrong with the parameters taken together goes to <see cref="PluginContext.Fault"/>.</param>
    public static PluginDefinition Of<TPlugin, TParameters>(string type, Func<TParameters, PluginContext, TPlugin> create)
        where TPlugin : class
        where TParameters : class, new()
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentNullException.ThrowIfNull(create);
        return new(type, typeof(TPlugin), typeof(TParameters), (parameters, context) => create((TParameters)parameters, context));
    }

    /// <summary>A type of plugin without parameters.</summary>
    public static PluginDefinition Of<TPlugin>(string type, Func<PluginContext, TPlugin> create)
        where TPlugin : class => Of<TPlugin, NoParameters>(type, (_, context) => create(context));

    /// <summary>What a class, or an interface, is good for.</summary>
    internal static PluginRoles RolesOf(Type plugin) =>
        Role<IFilter>(plugin, PluginRoles.Filter)
        | Role<IScorer>(plugin, PluginRoles.Scorer)
        | Role<IPicker>(plugin, PluginRoles.Picker)
        | Role<IProfileHandler>(plugin, PluginRoles.ProfileHandler)
        | Role<ISaturationDetector>(plugin, PluginRoles.SaturationDetector)
        | Role<IDataProducer>(plugin, PluginRoles.DataProducer)
        | Role<IAdmitter>(plugin, PluginRoles.RequestControl)
        | Role<IDisaggregationDecider>(plugin, PluginRoles.Decider)
        | Role<IPreRequest>(plugin, PluginRoles.RequestControl)
        | Role<IResponseHeaders>(plugin, PluginRoles.RequestControl);

    private static PluginRoles Role<T>(Type plugin, PluginRoles role) => plugin.IsAssignableTo(typeof(T)) ? role : PluginRoles.None;
}
