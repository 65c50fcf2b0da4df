using System.Collections.Immutable;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>The plugins of the data layer that are taken so that configurations of the reference picker load, and do nothing.</summary>
internal static class DataLayerPlugins
{
    public static ImmutableArray<PluginDefinition> All { get; } =
    [
        Of<NoParameters>(
            "endpoint-notification-source", PluginRoles.DataSource, "Taken, and without a function: every plugin learns from the view which model servers come and go."),
        Of<ObjectNotificationParameters>(
            "k8s-notification-source", PluginRoles.DataSource, "Taken, and without a function: discovery watches what the picker needs, and no plugin asks for other objects.",
            "nothing is watched by it: no plugin asks for objects of Kubernetes"),
        Of<ModelsSourceParameters>(
            "models-data-source", PluginRoles.DataSource, "Taken, and without a function: no plugin asks which models a server lists.", "servers are not asked for their models: no plugin goes by them"),
        Of<NoParameters>("models-data-extractor", PluginRoles.DataExtractor, "Taken, and without a function: see `models-data-source`."),
    ];

    private static PluginDefinition Of<TParameters>(string type, PluginRoles role, string summary, string? warning = null)
        where TParameters : class, new() =>
        PluginDefinition.Of<DataLayerPlugin, TParameters>(
            type,
            (parameters, context) =>
            {
                if (warning is not null)
                {
                    context.Warn("", warning);
                }

                return new(type, parameters);
            }) with
        { Roles = role, Summary = summary };
}
