using System.Globalization;

namespace Orleans.Inference.Picking.Yaml;

/// <summary>Reads the fields of one mapping by name and type, and tells of those that nobody asked for.</summary>
internal sealed class FieldReader
{
    private static readonly string[] TimeForms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    private readonly YamlNode _node;
    private readonly string _path;
    private readonly YamlIssues _issues;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    private FieldReader(YamlNode node, string path, YamlIssues issues)
    {
        _node = node;
        _path = path;
        _issues = issues;
    }

    /// <summary>The mapping itself, for messages about it.</summary>
    public YamlNode Node => _node;

    /// <summary>Null where <paramref name="node"/> is no mapping, which is an error.</summary>
    /// <param name="path">How messages name it: <c>spec.selector</c>; empty for a whole object.</param>
    public static FieldReader? Of(YamlNode node, string path, YamlIssues issues)
    {
        if (node.Kind == YamlNodeKind.Mapping)
        {
            return new(node, path, issues);
        }

        issues.Error(node, $"{(path.Length == 0 ? "an object" : path)} must be a mapping, not {node.Describe()}");
        return null;
    }

    /// <summary>These are known and not read.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _known.Add(name);
        }
    }

    public YamlNode? Take(string name)
    {
        _known.Add(name);
        return _node.Find(name);
    }

    /// <summary>As <see cref="Take"/>; its absence is an error.</summary>
    public YamlNode? Require(string name)
    {
        var value = Take(name);
        if (value is null)
        {
            _issues.Error(_node, $"{PathOf(name)} is missing");
        }

        return value;
    }

    public FieldReader? Mapping(string name) => Take(name) is { } value ? Of(value, PathOf(name), _issues) : null;

    public FieldReader? RequireMapping(string name) => Require(name) is { } value ? Of(value, PathOf(name), _issues) : null;

    public string? Text(string name) => Take(name) is { } value ? TextOf(value, PathOf(name), _issues) : null;

    public string? RequireText(string name) => Require(name) is { } value ? TextOf(value, PathOf(name), _issues) : null;

    /// <summary>As <see cref="RequireText(string)"/>; empty or longer than <paramref name="maxLength"/> is an error.</summary>
    public string? RequireText(string name, int maxLength)
    {
        if (RequireText(name) is not { } text)
        {
            return null;
        }

        if (text.Length > 0 && text.Length <= maxLength)
        {
            return text;
        }

        _issues.Error(_node.Find(name)!, text.Length == 0 ? $"{PathOf(name)} must not be empty" : $"{PathOf(name)} must have at most {maxLength} characters, not {text.Length}");
        return null;
    }

    /// <summary>One of <paramref name="choices"/>; null where absent or none of them, which is an error.</summary>
    public string? Choice(string name, params ReadOnlySpan<string> choices)
    {
        if (Take(name) is not { } value || TextOf(value, PathOf(name), _issues) is not { } text)
        {
            return null;
        }

        if (choices.Contains(text))
        {
            return text;
        }

        _issues.Error(value, $"{PathOf(name)} must be {string.Join(" or ", choices.ToArray())}, not {value.Describe()}");
        return null;
    }

    /// <summary>Null where absent, or no port, which is an error.</summary>
    public int? Port(string name)
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        if (value.Kind == YamlNodeKind.Integer && int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 65535)
        {
            return number;
        }

        _issues.Error(value, $"{PathOf(name)} must be a port (1 to 65535), not {value.Describe()}");
        return null;
    }

    /// <summary>Null where absent, or no whole number from <paramref name="min"/> to <paramref name="max"/>, which is an error.</summary>
    public int? Integer(string name, int min, int max)
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        if (value.Kind == YamlNodeKind.Integer && int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        _issues.Error(value, $"{PathOf(name)} must be a whole number ({min} to {max}), not {value.Describe()}");
        return null;
    }

    /// <summary>Null where absent, or no time as in RFC 3339, which is an error.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        _issues.Error(_node.Find(name)!, $"{PathOf(name)} must be a time such as 2025-01-31T12:00:00Z, not \"{text}\"");
        return null;
    }

    /// <summary>A mapping of text to text, such as labels; empty where absent. Values of other types are errors.</summary>
    public IEnumerable<(YamlNode Name, YamlNode Value)> TextFields(string name)
    {
        foreach (var field in Mapping(name)?._node.Fields ?? [])
        {
            if (TextOf(field.Value, $"{PathOf(name)}[{field.Name.Text}]", _issues) is not null)
            {
                yield return field;
            }
        }
    }

    /// <summary>Items of a list; none where absent, or no list, which is an error.</summary>
    public List<YamlNode> Items(string name)
    {
        if (Take(name) is not { } value)
        {
            return [];
        }

        if (value.Kind != YamlNodeKind.Sequence)
        {
            _issues.Error(value, $"{PathOf(name)} must be a list, not {value.Describe()}");
        }

        return value.Items;
    }

    /// <summary>Warns of every field that was not asked for: most are typing errors.</summary>
    public void WarnOfOthers()
    {
        foreach (var name in Others())
        {
            _issues.Warning(name, $"unknown field {PathOf(name.Text)} is ignored");
        }
    }

    /// <summary>Every field that was not asked for is an error.</summary>
    public void RejectOthers()
    {
        foreach (var name in Others())
        {
            _issues.Error(name, $"unknown field {PathOf(name.Text)}");
        }
    }

    private IEnumerable<YamlNode> Others() => _node.Fields.Select(field => field.Name).Where(name => !_known.Contains(name.Text));

    /// <summary>The value as text; null where it is none, which is an error.</summary>
    public static string? TextOf(YamlNode value, string path, YamlIssues issues)
    {
        if (value.Kind == YamlNodeKind.Text)
        {
            return value.Text;
        }

        var hint = value.Kind is YamlNodeKind.Integer or YamlNodeKind.Float or YamlNodeKind.Boolean ? "; quote it" : "";
        issues.Error(value, $"{path} must be text, not {value.Describe()}{hint}");
        return null;
    }

    /// <summary>How messages name a field.</summary>
    public string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}
