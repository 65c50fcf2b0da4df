using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;

namespace Orleans.Inference.ExtProcGateway.Hosting.Flags;

/// <summary>Go's names of TLS versions and cipher suites, as the reference picker's flags take them.</summary>
internal static class TlsFlagValues
{
    /// <summary>Go has two suites by a shorter name too.</summary>
    private static readonly string[] ShortNames = ["TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305"];

    /// <summary>The versions from <paramref name="name"/> on; without a name, from Go's least on, TLS 1.2. Null for a name that is none.</summary>
    [SuppressMessage("Security", "CA5397:Do not use deprecated SslProtocols values", Justification = "An operator asks for them by name.")]
    [SuppressMessage("Security", "CA5398:Avoid hardcoded SslProtocols values", Justification = "A least version is what the flag is for.")]
    public static SslProtocols? VersionsFrom(string name) => name switch
    {
#pragma warning disable SYSLIB0039, CS0618 // Old versions are off unless an operator asks for them by name.
        "VersionTLS10" => SslProtocols.Tls | SslProtocols.Tls11 | SslProtocols.Tls12 | SslProtocols.Tls13,
        "VersionTLS11" => SslProtocols.Tls11 | SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore SYSLIB0039, CS0618
        "" or "VersionTLS12" => SslProtocols.Tls12 | SslProtocols.Tls13,
        "VersionTLS13" => SslProtocols.Tls13,
        _ => null,
    };

    /// <summary>The suites of a list separated by commas. Go's names are those of the registry, and so are .NET's.</summary>
    /// <param name="unknown">The first name that is none.</param>
    public static bool TryParseSuites(string names, out ImmutableArray<TlsCipherSuite> suites, [NotNullWhen(false)] out string? unknown)
    {
        var found = ImmutableArray.CreateBuilder<TlsCipherSuite>();
        suites = [];
        foreach (var name in names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var full = ShortNames.Contains(name, StringComparer.Ordinal) ? $"{name}_SHA256" : name;

            // Numbers, which the enum's parser takes too, are no names.
            if (!full.StartsWith("TLS_", StringComparison.Ordinal) || !Enum.TryParse<TlsCipherSuite>(full, ignoreCase: false, out var suite))
            {
                unknown = name;
                return false;
            }

            found.Add(suite);
        }

        suites = found.ToImmutable();
        unknown = null;
        return true;
    }
}
