using System.Collections.Immutable;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>The policies of flow control that configurations name. They count with the feature gate <c>flowControl</c> only.</summary>
internal static class FlowControlPolicies
{
    public static ImmutableArray<PluginDefinition> All { get; } =
    [
        Of<NoParameters>("global-strict-fairness-policy", PluginRoles.FairnessPolicy, "Of all flows of a priority the one whose first request is first by the ordering policy."),
        Of<NoParameters>("round-robin-fairness-policy", PluginRoles.FairnessPolicy, "The flows of a priority in turn."),
        Of<NoParameters>("fcfs-ordering-policy", PluginRoles.OrderingPolicy, "First come, first served."),
        Of<NoParameters>("edf-ordering-policy", PluginRoles.OrderingPolicy, "The request whose time to live ends first."),
        Of<NoParameters>("slo-deadline-ordering-policy", PluginRoles.OrderingPolicy, "The request whose objective for the time to the first token ends first."),
        Of<StaticUsageLimitParameters>("static-usage-limit-policy", PluginRoles.UsageLimitPolicy, "The same limit for all priorities."),
    ];

    private static PluginDefinition Of<TParameters>(string type, PluginRoles role, string summary)
        where TParameters : class, new() =>
        PluginDefinition.Of<FlowControlPolicy, TParameters>(type, (parameters, _) => new(type, parameters)) with { Roles = role, Summary = summary };
}
