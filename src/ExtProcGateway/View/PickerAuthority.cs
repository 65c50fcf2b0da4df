namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>The service that an <c>:authority</c> names.</summary>
/// <param name="Service">Name of the service.</param>
/// <param name="Namespace">Its namespace; null where the authority does not say.</param>
/// <param name="Port">The port; null where the authority does not say.</param>
internal readonly record struct PickerAuthority(string Service, string? Namespace, int? Port)
{
    /// <summary>
    /// Reads <c>name</c>, <c>name.namespace</c>, <c>name.namespace.svc</c> and <c>name.namespace.svc.CLUSTER.DOMAIN</c>, with or without a port, also as Istio writes it:
    /// <c>outbound|PORT|SUBSET|HOST</c>. Null for anything else. Names come out in lower case, as Kubernetes has them.
    /// </summary>
    public static PickerAuthority? Parse(ReadOnlySpan<char> authority)
    {
        int? port = null;
        if (authority.StartsWith("outbound|", StringComparison.OrdinalIgnoreCase))
        {
            var rest = authority["outbound|".Length..];
            var bar = rest.IndexOf('|');
            if (bar < 0 || !TryReadPort(rest[..bar], out port))
            {
                return null;
            }

            authority = rest[(rest.LastIndexOf('|') + 1)..];
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
            return null;
        }

        if (count >= 2 && authority[parts[1]].IsEmpty)
        {
            return null;
        }

        return new PickerAuthority(Lower(authority[parts[0]]), count >= 2 ? Lower(authority[parts[1]]) : null, port);
    }

    private static bool TryReadPort(ReadOnlySpan<char> text, out int? port)
    {
        var read = ushort.TryParse(text, System.Globalization.NumberStyles.None, null, out var number);
        port = number;
        return read;
    }

    private static string Lower(ReadOnlySpan<char> text) => text.ToString().ToLowerInvariant();
}
