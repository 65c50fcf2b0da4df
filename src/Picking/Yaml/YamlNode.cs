namespace Orleans.Inference.Picking.Yaml;

/// <summary>One value of a YAML file, and where it is written.</summary>
/// <remarks>Not changed after reading; safe from any thread then.</remarks>
/// <param name="written">A scalar as it is written, where that is not its value.</param>
internal sealed class YamlNode(YamlNodeKind kind, string text, long line, long column, string? written = null)
{
    public YamlNodeKind Kind { get; } = kind;

    /// <summary>A scalar's value: of a number in decimal, of a truth value <c>true</c> or <c>false</c>; empty for a mapping or a sequence.</summary>
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

    private string Written => written ?? Text;

    /// <summary>For messages: <c>the number 5</c>, <c>a list</c>.</summary>
    public string Describe() => Kind switch
    {
        YamlNodeKind.Null => "nothing",
        YamlNodeKind.Text => $"\"{Shorten(Written)}\"",
        YamlNodeKind.Integer or YamlNodeKind.Float => $"the number {Shorten(Written)}",
        YamlNodeKind.Boolean => $"the truth value {Written}",
        YamlNodeKind.Mapping => "a mapping",
        _ => "a list",
    };

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";
}
