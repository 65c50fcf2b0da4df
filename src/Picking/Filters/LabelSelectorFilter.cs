using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Filters;

/// <summary><c>label-selector-filter</c>, once <c>by-label-selector</c>: keeps servers whose pod a Kubernetes label selector matches; an empty one matches all.</summary>
public sealed class LabelSelectorFilter : IFilter
{
    private readonly ServerMarks _servers;

    /// <summary>One with this selector.</summary>
    public LabelSelectorFilter(LabelSelectorFilterParameters selector)
    {
        ArgumentNullException.ThrowIfNull(selector);
        Func<ModelServer, bool>[] conditions =
        [
            .. selector.MatchLabels.Select(label => new LabelExpression { Key = label.Key, Operator = "In", Values = [label.Value] }.ToCondition()),
            .. selector.MatchExpressions.Select(expression => expression.ToCondition()),
        ];
        _servers = new(server => Array.TrueForAll(conditions, condition => condition(server)));
    }

    /// <summary>What configurations know of it, by both names.</summary>
    public static IReadOnlyList<PluginDefinition> Definitions { get; } =
    [
        Of("label-selector-filter") with
        {
            Example = """
                - type: label-selector-filter
                  parameters:
                    matchLabels:
                      tier: gold
                    matchExpressions:
                    - key: accelerator
                      operator: In
                      values: [h100, h200]
                """,
        },
        Of("by-label-selector") with { ReplacedBy = "label-selector-filter" },
    ];

    /// <inheritdoc/>
    public int Keep(in PickContext context, Span<int> candidates) => _servers.Keep(context.View, candidates);

    private static PluginDefinition Of(string type) => PluginDefinition.Of<LabelSelectorFilter, LabelSelectorFilterParameters>(type, Create) with
    {
        Summary = "Keeps servers whose pod a Kubernetes label selector matches; an empty one matches all.",
    };

    private static LabelSelectorFilter Create(LabelSelectorFilterParameters selector, PluginContext context)
    {
        foreach (var expression in selector.MatchExpressions.Where(expression => !expression.HasItsValues))
        {
            context.Fault("matchExpressions", $"{expression.Key}: {expression.Operator} {(expression.Values.IsEmpty ? "needs values" : "takes no values")}");
        }

        return new(selector);
    }
}
