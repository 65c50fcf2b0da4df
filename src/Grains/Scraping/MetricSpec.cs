using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>One metric by name and labels: <c>name</c> or <c>name{label=value,label2="value2"}</c>.</summary>
/// <remarks>A series belongs to it when it has every label given here with exactly this value; other labels are free.</remarks>
internal sealed class MetricSpec
{
    private MetricSpec(string name, KeyValuePair<string, string>[] labels)
    {
        Name = name;
        NameUtf8 = Encoding.ASCII.GetBytes(name);
        Labels = labels;
        LabelsUtf8 = [.. labels.Select(label => new LabelConstraint(Encoding.ASCII.GetBytes(label.Key), Encoding.UTF8.GetBytes(label.Value)))];
    }

    public string Name { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; }

    internal byte[] NameUtf8 { get; }

    internal LabelConstraint[] LabelsUtf8 { get; }

    /// <exception cref="FormatException">It is no metric spec; the message says what is wrong with it.</exception>
    public static MetricSpec Parse(string text) =>
        TryParse(text, out var spec, out var error) ? spec : throw new FormatException(error);

    /// <summary>Reads a spec; blanks are free around names, values and punctuation, quotes around values optional.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out MetricSpec? spec, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        spec = null;
        error = null;
        var trimmed = text.Trim();
        var brace = trimmed.IndexOf('{', StringComparison.Ordinal);
        var name = (brace < 0 ? trimmed : trimmed[..brace]).Trim();
        if (!IsName(name, colons: true))
        {
            error = $"metric spec '{text}': '{name}' is no metric name";
            return false;
        }

        var labels = new List<KeyValuePair<string, string>>();
        if (brace >= 0)
        {
            if (!trimmed.EndsWith('}'))
            {
                error = $"metric spec '{text}': no closing brace at its end";
                return false;
            }

            error = ReadLabels(trimmed[(brace + 1)..^1], labels);
            if (error is not null)
            {
                error = $"metric spec '{text}': {error}";
                return false;
            }
        }

        spec = new MetricSpec(name, [.. labels]);
        return true;
    }

    public override string ToString() =>
        Labels.Count == 0 ? Name : $"{Name}{{{string.Join(',', Labels.Select(label => $"{label.Key}=\"{label.Value}\""))}}}";

    private static string? ReadLabels(string text, List<KeyValuePair<string, string>> labels)
    {
        var at = 0;
        while (true)
        {
            SkipBlanks(text, ref at);
            if (at == text.Length)
            {
                return null;
            }

            var equals = text.IndexOf('=', at);
            if (equals < 0)
            {
                return $"'{text[at..]}' is no label=value";
            }

            var label = text[at..equals].Trim();
            if (!IsName(label, colons: false))
            {
                return $"'{label}' is no label name";
            }

            if (labels.Exists(other => other.Key == label))
            {
                return $"label '{label}' is given twice";
            }

            at = equals + 1;
            SkipBlanks(text, ref at);
            var value = at < text.Length && text[at] == '"' ? ReadQuoted(text, ref at) : ReadBare(text, ref at);
            if (value is null)
            {
                return $"the value of label '{label}' has no end or a stray quote";
            }

            labels.Add(new(label, value));
            SkipBlanks(text, ref at);
            if (at < text.Length && text[at++] != ',')
            {
                return $"no comma after label '{label}'";
            }
        }
    }

    private static string? ReadQuoted(string text, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"':
                    at++;
                    return value.ToString();
                case '\\' when at + 1 < text.Length:
                    at++;
                    value.Append(text[at] == 'n' ? '\n' : text[at]);
                    break;
                default:
                    value.Append(text[at]);
                    break;
            }
        }

        return null;
    }

    private static string? ReadBare(string text, ref int at)
    {
        var end = text.IndexOf(',', at);
        end = end < 0 ? text.Length : end;
        var value = text[at..end].Trim();
        at = end;
        return value.Contains('"', StringComparison.Ordinal) ? null : value;
    }

    private static void SkipBlanks(string text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }

    private static bool IsName(string name, bool colons) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_' || (colons && c == ':'));
}
