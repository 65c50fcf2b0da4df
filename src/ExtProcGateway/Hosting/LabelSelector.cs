using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>A Kubernetes label selector: <c>app=vllm,tier!=test,zone in (a,b),!draining</c>. All requirements must be met.</summary>
/// <remarks>Immutable; safe from any thread.</remarks>
public sealed class LabelSelector
{
    private readonly ImmutableArray<LabelRequirement> _requirements;

    private LabelSelector(IEnumerable<LabelRequirement> requirements) =>
        _requirements = [.. requirements.OrderBy(requirement => requirement.Label, StringComparer.Ordinal)];

    /// <summary>A selector of objects that have all of these labels with these values (<c>matchLabels</c>).</summary>
    public static LabelSelector OfLabels(IEnumerable<KeyValuePair<string, string>> labels) =>
        new(labels.Select(label => new LabelRequirement(label.Key, Set([label.Value]), Negated: false)));

    /// <summary>Reads Kubernetes' text form: <c>k</c>, <c>!k</c>, <c>k=v</c>, <c>k==v</c>, <c>k!=v</c>, <c>k in (v,…)</c>, <c>k notin (v,…)</c>, separated by commas.</summary>
    /// <param name="fault">The part that is none of these; null where all is well.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out LabelSelector? selector, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        var requirements = new List<LabelRequirement>();
        foreach (var part in SplitOutsideParentheses(text).Select(part => part.Trim()).Where(part => part.Length > 0))
        {
            if (ParseRequirement(part) is not { } requirement)
            {
                selector = null;
                fault = part;
                return false;
            }

            requirements.Add(requirement);
        }

        selector = new(requirements);
        fault = null;
        return true;
    }

    /// <summary>True for an object with these labels.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var requirement in _requirements)
        {
            if (!requirement.Matches(labels))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text form, ordered by label.</summary>
    public override string ToString() => string.Join(",", _requirements);

    private static LabelRequirement? ParseRequirement(string part)
    {
        if (part.EndsWith(')'))
        {
            return ParseSet(part[..^1]);
        }

        if (part.StartsWith('!'))
        {
            return IsLabel(part[1..].Trim()) ? new(part[1..].Trim(), null, Negated: true) : null;
        }

        var equals = part.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return IsLabel(part) ? new(part, null, Negated: false) : null;
        }

        var negated = equals > 0 && part[equals - 1] == '!';
        var label = part[..(negated ? equals - 1 : equals)].Trim();
        var isDouble = !negated && equals + 1 < part.Length && part[equals + 1] == '=';
        var value = part[(equals + (isDouble ? 2 : 1))..].Trim();
        return IsLabel(label) && IsValue(value) ? new(label, Set([value]), negated) : null;
    }

    /// <summary><c>label in (v,v</c>, the last parenthesis taken off.</summary>
    private static LabelRequirement? ParseSet(string part)
    {
        var open = part.IndexOf('(', StringComparison.Ordinal);
        var words = open < 0 ? [] : part[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not [var label, "in" or "notin"] || !IsLabel(label))
        {
            return null;
        }

        var values = part[(open + 1)..].Split(',', StringSplitOptions.TrimEntries);
        return values.All(IsValue) ? new(label, Set(values), words[1] == "notin") : null;
    }

    private static IEnumerable<string> SplitOutsideParentheses(string text)
    {
        var start = 0;
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (text[i] == ',' && depth <= 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        yield return text[start..];
    }

    private static FrozenSet<string> Set(IEnumerable<string> values) => values.ToFrozenSet(StringComparer.Ordinal);

    private static bool IsLabel(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/');

    private static bool IsValue(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
