using System.Collections.Frozen;

namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>One requirement of a <see cref="LabelSelector"/>: a label that has, or has not, one of some values, or any at all.</summary>
/// <remarks>Immutable.</remarks>
/// <param name="Label">Name of the label.</param>
/// <param name="Values">The values; null means any value, only the label's presence counts.</param>
/// <param name="Negated">The opposite is required; an object without the label fulfils that too.</param>
internal sealed record LabelRequirement(string Label, FrozenSet<string>? Values, bool Negated)
{
    public bool Matches(IReadOnlyDictionary<string, string> labels) =>
        (labels.TryGetValue(Label, out var value) && (Values is null || Values.Contains(value))) != Negated;

    public override string ToString() => (Values, Negated) switch
    {
        (null, false) => Label,
        (null, true) => $"!{Label}",
        ({ Count: 1 }, false) => $"{Label}={Values.Items[0]}",
        ({ Count: 1 }, true) => $"{Label}!={Values.Items[0]}",
        _ => $"{Label} {(Negated ? "notin" : "in")} ({string.Join(",", Values.Order(StringComparer.Ordinal))})",
    };
}
