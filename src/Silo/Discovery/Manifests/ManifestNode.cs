namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>One value of a manifest, and where it is written.</summary>
/// <remarks>Not changed after reading; safe from any thread then.</remarks>
internal sealed class ManifestNode(ManifestNodeKind kind, string text, long line, long column)
{
    public ManifestNodeKind Kind { get; } = kind;

    /// <summary>A scalar as it is written; empty for a mapping or a sequence.</summary>
    public string Text { get; } = text;

    /// <summary>From 1.</summary>
    public long Line { get; } = line;

    /// <summary>From 1.</summary>
    public long Column { get; } = column;

    /// <summary>Of a mapping: names (scalars, unique) and values, in their order.</summary>
    public List<(ManifestNode Name, ManifestNode Value)> Fields { get; } = [];

    /// <summary>Of a sequence.</summary>
    public List<ManifestNode> Items { get; } = [];

    /// <summary>Of a mapping: the value of <paramref name="name"/>; null where there is none, or where it is null.</summary>
    public ManifestNode? Find(string name)
    {
        foreach (var (its, value) in Fields)
        {
            if (its.Text == name)
            {
                return value.Kind == ManifestNodeKind.Null ? null : value;
            }
        }

        return null;
    }

    /// <summary>For messages: <c>the number 5</c>, <c>a list</c>.</summary>
    public string Describe() => Kind switch
    {
        ManifestNodeKind.Null => "nothing",
        ManifestNodeKind.Text => $"\"{Shorten(Text)}\"",
        ManifestNodeKind.Integer or ManifestNodeKind.Float => $"the number {Shorten(Text)}",
        ManifestNodeKind.Boolean => $"the truth value {Text}",
        ManifestNodeKind.Mapping => "a mapping",
        _ => "a list",
    };

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";
}
