using System.Collections.Frozen;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Filters;

/// <summary>
/// <c>by-label</c>, and with the label <c>llm-d.ai/role</c> <c>decode-filter</c>, <c>prefill-filter</c> and <c>encode-filter</c>: keeps servers whose pod has one of some values of a label.
/// </summary>
/// <param name="allowsNoLabel">Also servers whose pod has no such label.</param>
public sealed class LabelFilter(string label, IEnumerable<string> values, bool allowsNoLabel) : IFilter
{
    /// <summary>The label of pods that says which stages of a request they serve.</summary>
    public const string RoleLabel = "llm-d.ai/role";

    private readonly ServerMarks _servers = new(Condition(label, values.ToFrozenSet(StringComparer.Ordinal), allowsNoLabel));

    /// <summary>What configurations know of it, by each of its names.</summary>
    public static IReadOnlyList<PluginDefinition> Definitions { get; } =
    [
        OfRole("decode-filter", "decoding", allowsNoLabel: true, "decode", "prefill-decode", "both", "encode-prefill-decode"),
        OfRole("prefill-filter", "processing prompts", allowsNoLabel: false, "prefill", "encode-prefill", "prefill-decode", "both", "encode-prefill-decode"),
        OfRole("encode-filter", "encoding images", allowsNoLabel: false, "encode", "encode-prefill", "encode-prefill-decode"),
        PluginDefinition.Of<LabelFilter, LabelFilterParameters>("by-label", Create) with
        {
            Summary = "Keeps servers whose pod has one of some values of a label.",
            ReplacedBy = "label-selector-filter, or decode-filter, prefill-filter, encode-filter for roles",
            Example = """
                - type: by-label
                  parameters:
                    label: tier
                    validValues: [gold, silver]
                    allowsNoLabel: true
                """,
        },
    ];

    /// <inheritdoc/>
    public int Keep(in PickContext context, Span<int> candidates) => _servers.Keep(context.View, candidates);

    private static PluginDefinition OfRole(string type, string what, bool allowsNoLabel, params string[] roles) =>
        PluginDefinition.Of(type, _ => new LabelFilter(RoleLabel, roles, allowsNoLabel)) with
        {
            Summary = $"Keeps servers for {what}: those whose pod's label `{RoleLabel}` is {string.Join(", ", roles.Select(role => $"`{role}`"))}{(allowsNoLabel ? ", or that have no such label" : "")}.",
        };

    private static LabelFilter Create(LabelFilterParameters parameters, PluginContext context)
    {
        if (parameters.ValidValues.IsEmpty && !parameters.AllowsNoLabel)
        {
            context.Fault("validValues", "no server can be kept: give validValues, or set allowsNoLabel");
        }

        return new(parameters.Label, parameters.ValidValues, parameters.AllowsNoLabel);
    }

    private static Func<ModelServer, bool> Condition(string label, FrozenSet<string> values, bool allowsNoLabel) =>
        server => server.Labels.TryGetValue(label, out var value) ? values.Contains(value) : allowsNoLabel;
}
