using System.Collections.Frozen;
using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Filters;

/// <summary>One of a Kubernetes selector's <c>matchExpressions</c>.</summary>
public sealed record LabelExpression
{
    /// <summary>Name of the label.</summary>
    [Required]
    [Description("Name of the label.")]
    public string Key { get; init; } = "";

    /// <summary>How the label is looked at.</summary>
    [Required]
    [AllowedValues("In", "NotIn", "Exists", "DoesNotExist")]
    [Description("How the label is looked at. A pod without the label meets NotIn and DoesNotExist.")]
    public string Operator { get; init; } = "";

    /// <summary>Values of <c>In</c> and <c>NotIn</c>.</summary>
    [Description("The values of In and NotIn; none for the others.")]
    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>In and NotIn need values, the others must have none.</summary>
    internal bool HasItsValues => Operator is "In" or "NotIn" ? !Values.IsEmpty : Values.IsEmpty;

    /// <summary>The condition on a server.</summary>
    internal Func<ModelServer, bool> ToCondition()
    {
        var (key, values) = (Key, Values.ToFrozenSet(StringComparer.Ordinal));
        return Operator switch
        {
            "In" => server => server.Labels.TryGetValue(key, out var value) && values.Contains(value),
            "NotIn" => server => !server.Labels.TryGetValue(key, out var value) || !values.Contains(value),
            "Exists" => server => server.Labels.ContainsKey(key),
            _ => server => !server.Labels.ContainsKey(key),
        };
    }
}
