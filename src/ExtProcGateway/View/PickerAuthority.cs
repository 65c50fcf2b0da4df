namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>The service that an <c>:authority</c> names.</summary>
/// <param name="Service">Name of the service.</param>
/// <param name="Namespace">Its namespace; null where the authority does not say.</param>
/// <param name="Port">The port; null where the authority does not say.</param>
internal readonly record struct PickerAuthority(string Service, string? Namespace, int? Port)
{
    /// <summary>
    /// Reads <c>name</c>, <c>name.namespace</c>, <c>name.namespace.svc</c> and <c>name.namespace.svc.CLUSTER.DOMAIN</c>, with or without a port; also as Istio names a cluster,
    /// <c>outbound|PORT|SUBSET|HOST</c>, or its SNI, <c>outbound_.PORT_.SUBSET_.HOST</c>; and as Contour names that of an ExtensionService, <c>extension/NAMESPACE/NAME</c>, or the
    /// authority that it makes of it, <c>extension.NAMESPACE.NAME</c>. Null for anything else. Names come out in lower case, as Kubernetes has them.
    /// </summary>
    public static PickerAuthority? Parse(ReadOnlySpan<char> authority)
    {
        int? port = null;
        if (authority.StartsWith("extension/", StringComparison.OrdinalIgnoreCase))
        {
            return ParseExtension(authority["extension/".Length..], '/', null);
        }

        if ((authority.StartsWith("outbound|", StringComparison.OrdinalIgnoreCase) && !TryCutCluster(ref authority, "|", out port))
            || (authority.StartsWith("outbound_.", StringComparison.OrdinalIgnoreCase) && !TryCutCluster(ref authority, "_.", out port)))
        {
            return null;
        }

        var colon = authority.IndexOf(':');
        if (colon >= 0)
        {
            if (!TryReadPort(authority[(colon + 1)..], out port))
            {
                return null;
            }

            authority = authority[..colon];
        }

        if (authority.EndsWith('.'))
        {
            authority = authority[..^1];
        }

        Span<Range> parts = stackalloc Range[4];
        var count = authority.Split(parts, '.');
        if (count == 0 || authority[parts[0]].IsEmpty)
        {
            return null;
        }

        // The cluster's domain is the operator's choice, so whatever follows "svc" is taken.
        if (count >= 3 && !authority[parts[2]].Equals("svc", StringComparison.OrdinalIgnoreCase))
        {
            return authority.StartsWith("extension.", StringComparison.OrdinalIgnoreCase) ? ParseExtension(authority["extension.".Length..], '.', port) : null;
        }

        if (count >= 2 && authority[parts[1]].IsEmpty)
        {
            return null;
        }

        return new PickerAuthority(Lower(authority[parts[0]]), count >= 2 ? Lower(authority[parts[1]]) : null, port);
    }

    /// <summary>Of <c>outbound SEPARATOR port SEPARATOR subset SEPARATOR host</c> leaves the host. The subset is for the proxy: one picker serves all.</summary>
    private static bool TryCutCluster(ref ReadOnlySpan<char> authority, ReadOnlySpan<char> separator, out int? port)
    {
        var rest = authority[(authority.IndexOf(separator) + separator.Length)..];
        var portEnd = rest.IndexOf(separator);
        if (portEnd < 0 || !TryReadPort(rest[..portEnd], out port))
        {
            port = null;
            return false;
        }

        rest = rest[(portEnd + separator.Length)..];
        var subsetEnd = rest.IndexOf(separator);
        authority = rest[(subsetEnd + separator.Length)..];
        return subsetEnd >= 0;
    }

    /// <summary>An ExtensionService is taken for the service of its name, as it is named by custom.</summary>
    private static PickerAuthority? ParseExtension(ReadOnlySpan<char> text, char separator, int? port)
    {
        var end = text.IndexOf(separator);
        return end > 0 && end < text.Length - 1 && text[(end + 1)..].IndexOfAny('/', '.', ':') < 0
            ? new PickerAuthority(Lower(text[(end + 1)..]), Lower(text[..end]), port)
            : null;
    }

    private static bool TryReadPort(ReadOnlySpan<char> text, out int? port)
    {
        var read = ushort.TryParse(text, System.Globalization.NumberStyles.None, null, out var number);
        port = number;
        return read;
    }

    private static string Lower(ReadOnlySpan<char> text) => text.ToString().ToLowerInvariant();
}
