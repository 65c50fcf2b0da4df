namespace Orleans.Inference.Picking.Yaml;

/// <summary>One value of a YAML file, and where it is written.</summary>
/// <remarks>Not changed after reading; safe from any thread then.</remarks>
internal sealed class YamlNode(YamlNodeKind kind, string text, long line, long column)
{
    public YamlNodeKind Kind { get; } = kind;

    /// <summary>A scalar as it is written; empty for a mapping or a sequence.</summary>
    public string Text { get; } = text;

    /// <summary>From 1.</summary>
    public long Line { get; } = line;

    /// <summary>From 1.</summary>
    public long Column { get; } = column;

    /// <summary>Of a mapping: names (scalars, unique) and values, in their order.</summary>
    public List<(YamlNode Name, YamlNode Value)> Fields { get; } = [];

    /// <summary>Of a sequence.</summary>
    public List<YamlNode> Items { get; } = [];

    /// <summary>Of a mapping: the value of <paramref name="name"/>; null where there is none, or where it is null.</summary>
    public YamlNode? Find(string name)
    {
        foreach (var (its, value) in Fields)
        {
            if (its.Text == name)
            {
                return value.Kind == YamlNodeKind.Null ? null : value;
            }
        }

        return null;
    }

    /// <summary>For messages: <c>the number 5</c>, <c>a list</c>.</summary>
    public string Describe() => Kind switch
    {
        YamlNodeKind.Null => "nothing",
        YamlNodeKind.Text => $"\"{Shorten(Text)}\"",
        YamlNodeKind.Integer or YamlNodeKind.Float => $"the number {Shorten(Text)}",
        YamlNodeKind.Boolean => $"the truth value {Text}",
        YamlNodeKind.Mapping => "a mapping",
        _ => "a list",
    };

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";
}
