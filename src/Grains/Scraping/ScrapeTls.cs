using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>The certificates with which model servers' metrics are read over HTTPS; read once, when the process starts.</summary>
internal sealed class ScrapeTls
{
    private readonly ScrapeTlsOptions _options;
    private readonly X509Certificate2Collection? _trusted;
    private readonly SslStreamCertificateContext? _own;

    private ScrapeTls(ScrapeTlsOptions options, X509Certificate2Collection? trusted, SslStreamCertificateContext? own)
    {
        _options = options;
        _trusted = trusted;
        _own = own;
    }

    /// <summary>Reads the files; null where one can't be used, with the reason added to <paramref name="faults"/>.</summary>
    public static ScrapeTls? TryLoad(ScrapeTlsOptions options, ICollection<string> faults)
    {
        var before = faults.Count;
        var trusted = options.CaCertPath is { } path && !options.InsecureSkipVerify ? Try("caCertPath", path, LoadAll, faults) : null;
        var own = default(SslStreamCertificateContext);
        if (options is { ClientCertPath: { } certificate, ClientKeyPath: { } key })
        {
            own = Try("clientCertPath and clientKeyPath", certificate, file => LoadOwn(file, key), faults);
        }

        return faults.Count == before ? new ScrapeTls(options, trusted, own) : null;
    }

    /// <summary>What one connection's handshake goes by. Model servers are known by their addresses, so that is what a certificate must name.</summary>
    /// <param name="distrusted">Called with what is wrong with a certificate that is refused.</param>
    public SslClientAuthenticationOptions OptionsFor(IPEndPoint server, Action<SslPolicyErrors> distrusted) => new()
    {
        TargetHost = server.Address.ToString(),
        ClientCertificateContext = _own,
        CertificateChainPolicy = _trusted is null ? null : ChainPolicy(_trusted),
        RemoteCertificateValidationCallback = (_, _, _, errors) =>
        {
            if (errors == SslPolicyErrors.None || _options.InsecureSkipVerify)
            {
                return true;
            }

            distrusted(errors);
            return false;
        },
    };

    private static X509ChainPolicy ChainPolicy(X509Certificate2Collection trusted)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(trusted);
        return policy;
    }

    private static X509Certificate2Collection LoadAll(string path)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(path);
        return certificates.Count > 0 ? certificates : throw new CryptographicException($"there is no PEM certificate in {path}");
    }

    private static SslStreamCertificateContext LoadOwn(string certificate, string key) =>
        SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certificate, key), additionalCertificates: null, offline: true);

    private static T? Try<T>(string parameter, string path, Func<string, T> load, ICollection<string> faults)
        where T : class
    {
        try
        {
            return load(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            faults.Add($"{parameter}: {exception.Message}");
            return null;
        }
    }
}
