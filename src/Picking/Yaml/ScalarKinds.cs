using System.Text.RegularExpressions;

namespace Orleans.Inference.Picking.Yaml;

/// <summary>What an unquoted YAML scalar is (YAML 1.2's core schema).</summary>
internal static partial class ScalarKinds
{
    public static YamlNodeKind Of(string plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => YamlNodeKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => YamlNodeKind.Boolean,
        _ when !char.IsAsciiDigit(plain[0]) && !"+-.".Contains(plain[0], StringComparison.Ordinal) => YamlNodeKind.Text,
        _ when Integers().IsMatch(plain) => YamlNodeKind.Integer,
        _ when Floats().IsMatch(plain) => YamlNodeKind.Float,
        _ => YamlNodeKind.Text,
    };

    [GeneratedRegex("^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Integers();

    [GeneratedRegex(@"^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$", RegexOptions.CultureInvariant)]
    private static partial Regex Floats();
}
