using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>What a TLS port accepts of its clients.</summary>
public sealed class TlsSettings
{
    /// <summary>The suites of TLS 1.3, which can't be left out, as in Go.</summary>
    private static readonly TlsCipherSuite[] SuitesOfTls13 =
        [TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256];

    /// <summary>TLS versions taken, <c>--tls-min-version</c> and those above it.</summary>
    public SslProtocols Versions { get; set; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>Cipher suites taken with TLS 1.2 and older, <c>--tls-cipher-suites</c>; empty leaves the choice to the system. Linux and macOS only.</summary>
    public ImmutableArray<TlsCipherSuite> CipherSuites { get; set; } = [];

    /// <summary>What a handshake with <paramref name="certificate"/> begins with.</summary>
    /// <param name="clientAuthorities">Clients must show a certificate by one of these; null asks for none.</param>
    internal SslServerAuthenticationOptions HandshakeOf(X509Certificate2 certificate, List<SslApplicationProtocol> protocols, X509Certificate2Collection? clientAuthorities = null)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
            ApplicationProtocols = protocols,
            EnabledSslProtocols = Versions,
        };
        if (!CipherSuites.IsEmpty && !OperatingSystem.IsWindows() && !OperatingSystem.IsAndroid())
        {
            options.CipherSuitesPolicy = new CipherSuitesPolicy(CipherSuites.Concat(SuitesOfTls13).Distinct());
        }

        if (clientAuthorities is not null)
        {
            options.ClientCertificateRequired = true;
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(clientAuthorities);
        }

        return options;
    }
}
