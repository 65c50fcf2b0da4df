using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Orleans.Inference.ExtProcGateway.Edge;

/// <summary>The certificate of the ext_proc ports: made in memory at the start, or read from a folder and, if wanted, again when its files change.</summary>
internal sealed partial class EdgeCertificate : IDisposable
{
    /// <summary>How long the files must be quiet before they are read again: the two are not written at once.</summary>
    public static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(250);

    private readonly string? _folder;
    private readonly ILogger _logger;
    private readonly Func<X509Certificate2, SslServerAuthenticationOptions> _handshakeOf;
    private readonly ITimer? _reload;
    private readonly FileSystemWatcher? _watcher;
    private volatile SslServerAuthenticationOptions _options;

    private EdgeCertificate(string? folder, Func<X509Certificate2, SslServerAuthenticationOptions> handshakeOf, X509Certificate2 certificate, bool watch, TimeProvider time, ILogger logger)
    {
        _folder = folder;
        _logger = logger;
        _handshakeOf = handshakeOf;
        _options = handshakeOf(certificate);
        if (folder is not null && watch)
        {
            _reload = time.CreateTimer(_ => Reload(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

            // All names: Kubernetes changes a mounted secret by renaming a folder that the two files are links into.
            _watcher = new FileSystemWatcher(folder);
            _watcher.Created += OnChanged;
            _watcher.Changed += OnChanged;
            _watcher.Renamed += OnChanged;
            _watcher.Deleted += OnChanged;
            _watcher.EnableRaisingEvents = true;
        }
    }

    /// <summary>What a handshake begins with; the certificate of now.</summary>
    public SslServerAuthenticationOptions Options => _options;

    /// <summary>Reads <c>tls.crt</c> and <c>tls.key</c> of a folder, or makes a certificate where no folder is given.</summary>
    /// <param name="handshakeOf">What a handshake begins with, for a certificate.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">The files are no pair of certificate and key.</exception>
    public static EdgeCertificate Load(string? folder, Func<X509Certificate2, SslServerAuthenticationOptions> handshakeOf, bool watch, TimeProvider time, ILogger logger) =>
        new(folder, handshakeOf, folder is null ? MakeSelfSigned(time) : Read(folder), watch, time, logger);

    public void Dispose()
    {
        _watcher?.Dispose();
        _reload?.Dispose();
    }

    private static X509Certificate2 Read(string folder) =>
        X509Certificate2.CreateFromPemFile(Path.Combine(folder, "tls.crt"), Path.Combine(folder, "tls.key"));

    private static X509Certificate2 MakeSelfSigned(TimeProvider time)
    {
        // P-256: its signature costs the server a twentieth of RSA's in each handshake.
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=orleans-inference", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var now = time.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
    }

    private void OnChanged(object sender, FileSystemEventArgs change) => _reload!.Change(Debounce, Timeout.InfiniteTimeSpan);

    private void Reload()
    {
        try
        {
            var certificate = Read(_folder!);
            _options = _handshakeOf(certificate);
            LogReloaded(_folder!, certificate.Thumbprint, certificate.NotAfter);
        }
#pragma warning disable CA1031 // Whatever is wrong with the files (there are half a dozen exceptions for it) must not end the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogReloadFailed(_folder!, exception.Message);
        }
    }

    [LoggerMessage(EventId = 3120, Level = LogLevel.Information, Message = "Certificate in {Folder} read again: {Thumbprint}, valid until {NotAfter}")]
    private partial void LogReloaded(string folder, string thumbprint, DateTime notAfter);

    [LoggerMessage(EventId = 3121, Level = LogLevel.Error, Message = "Certificate in {Folder} cannot be used, the one before it stays: {Reason}")]
    private partial void LogReloadFailed(string folder, string reason);
}
