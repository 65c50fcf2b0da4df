namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary>Which stages of a request were split off to servers of their own.</summary>
/// <remarks>Immutable; a handler has one for each outcome, so that none is made for a request.</remarks>
/// <param name="PluginName">Name of the handler in the configuration.</param>
/// <param name="PluginType">Its type.</param>
/// <param name="Stages">As the reference picker's metric says it: <c>decode-only</c>, <c>prefill-decode</c>, <c>encode-decode</c> or <c>encode-prefill-decode</c>.</param>
public sealed record DisaggregationDecision(string PluginName, string PluginType, string Stages);
