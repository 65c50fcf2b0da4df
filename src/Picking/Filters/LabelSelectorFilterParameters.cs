using System.Collections.Immutable;
using System.ComponentModel;

namespace Orleans.Inference.Picking.Filters;

/// <summary>Parameters of <c>label-selector-filter</c>: a Kubernetes label selector.</summary>
public sealed record LabelSelectorFilterParameters
{
    /// <summary>Labels and their values, all of which a pod must have.</summary>
    [Description("Labels and their values, all of which a pod must have.")]
    public ImmutableDictionary<string, string> MatchLabels { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>More conditions, all of which a pod must meet.</summary>
    public ImmutableArray<LabelExpression> MatchExpressions { get; init; } = [];
}
