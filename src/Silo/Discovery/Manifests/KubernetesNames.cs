using System.Text.RegularExpressions;

namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>The forms that Kubernetes allows for names and labels.</summary>
internal static partial class KubernetesNames
{
    public const int MaxName = 253;

    private const int MaxNamespace = 63;
    private const int MaxLabelPart = 63;

    /// <summary>RFC 1123 label: namespaces.</summary>
    public static bool IsNamespace(string text) => text.Length is > 0 and <= MaxNamespace && DnsLabel().IsMatch(text);

    /// <summary>RFC 1123 subdomain: names of objects.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= MaxName && DnsSubdomain().IsMatch(text);

    /// <summary>A name of up to 63 characters, with a DNS name and a slash before it or without.</summary>
    public static bool IsLabelName(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var name = text[(slash + 1)..];
        return (slash < 0 || IsName(text[..slash])) && name.Length is > 0 and <= MaxLabelPart && LabelText().IsMatch(name);
    }

    public static bool IsLabelValue(string text) => text.Length == 0 || (text.Length <= MaxLabelPart && LabelText().IsMatch(text));

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DnsLabel();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex DnsSubdomain();

    [GeneratedRegex(@"^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelText();
}
