using System.Text.RegularExpressions;

namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>What an unquoted YAML scalar is (YAML 1.2's core schema).</summary>
internal static partial class ScalarKinds
{
    public static ManifestNodeKind Of(string plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ManifestNodeKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ManifestNodeKind.Boolean,
        _ when !char.IsAsciiDigit(plain[0]) && !"+-.".Contains(plain[0], StringComparison.Ordinal) => ManifestNodeKind.Text,
        _ when Integers().IsMatch(plain) => ManifestNodeKind.Integer,
        _ when Floats().IsMatch(plain) => ManifestNodeKind.Float,
        _ => ManifestNodeKind.Text,
    };

    [GeneratedRegex("^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Integers();

    [GeneratedRegex(@"^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$", RegexOptions.CultureInvariant)]
    private static partial Regex Floats();
}
