using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.Edge;
using Orleans.Inference.ExtProcGateway.Tests.Http2;

namespace Orleans.Inference.ExtProcGateway.Tests.Edge;

public sealed class TlsTests
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("outbound|9002||epp-a.default.svc.cluster.local")]
    [InlineData("outbound_.9002_._.epp-a.default.svc.cluster.local")]
    public async Task Connect_TlsWithAnyServerName_IsServed(string serverName)
    {
        await using var host = await EdgeHost.StartAsync(options => options.SecureServing = true);
        await using var client = await RawClient.ConnectTlsAsync(host.Port, serverName);
        Assert.Equal(SslApplicationProtocol.Http2, ((SslStream)client.Stream).NegotiatedApplicationProtocol);
        await client.SendAsync(Frame.Headers(1, Block.Grpc(authority: serverName)), Frame.Data(1, Block.Message("tls"), endStream: true));
        Assert.Equal(Block.Message("tls"), (await client.ReadResponseAsync(1)).Body);
        Assert.Equal(serverName, (await host.Service.CallAsync(0)).Call.Authority);
    }

    [Fact]
    public async Task Echo_LargeBodyOverTls_ArrivesWhole()
    {
        await using var host = await EdgeHost.StartAsync(options => options.SecureServing = true);
        await using var client = await RawClient.ConnectTlsAsync(host.Port, "localhost");
        await client.SendAsync(Frame.Settings((Orleans.Inference.ExtProcGateway.Http2.Http2PeerSettings.InitialWindowSize, 1 << 24)), Frame.WindowUpdate(0, 1 << 24));
        var message = Block.Message(new byte[1_000_000]);
        await client.SendAsync(Frame.Headers(1, Block.Grpc()));
        for (var at = 0; at < message.Length; at += 16_384)
        {
            await client.SendAsync(Frame.Data(1, message[at..Math.Min(message.Length, at + 16_384)]));
        }

        await client.SendAsync(Frame.Data(1, [], endStream: true));
        Assert.Equal(message, (await client.ReadResponseAsync(1)).Body);
    }

    [Fact]
    public async Task Start_WithCertificateFiles_UsesThem()
    {
        using var folder = new CertificateFolder();
        var expected = folder.Write("CN=first");
        await using var host = await EdgeHost.StartAsync(options => (options.SecureServing, options.CertPath) = (true, folder.Path));
        await using var client = await RawClient.ConnectTlsAsync(host.Port, "localhost");
        Assert.Equal(expected, ((SslStream)client.Stream).RemoteCertificate!.GetCertHashString());
    }

    [Fact]
    public async Task Start_WithoutTheFiles_Refuses()
    {
        using var folder = new CertificateFolder();
        await Assert.ThrowsAnyAsync<IOException>(() => EdgeHost.StartAsync(options => (options.SecureServing, options.CertPath) = (true, folder.Path)));
    }

    [Fact]
    public async Task Reload_NewPair_IsUsedAndABadOneKeepsTheLast()
    {
        using var folder = new CertificateFolder();
        var first = folder.Write("CN=first");
        var log = new RecordingLogger();
        using var certificate = EdgeCertificate.Load(folder.Path, watch: true, TimeProvider.System, log);
        Assert.Equal(first, HashOf(certificate));

        var second = folder.Write("CN=second");
        await Eventually.TrueAsync(() => HashOf(certificate) == second);

        await File.WriteAllTextAsync(System.IO.Path.Combine(folder.Path, "tls.crt"), "no certificate");
        await Eventually.TrueAsync(() => log.Messages.Any(message => message.Contains("cannot be used", StringComparison.Ordinal)));
        Assert.Equal(second, HashOf(certificate));

        var third = folder.Write("CN=third");
        await Eventually.TrueAsync(() => HashOf(certificate) == third);
    }

    [Fact]
    public void Load_NoWatch_DoesNotLookAgain()
    {
        using var folder = new CertificateFolder();
        var first = folder.Write("CN=first");
        using var certificate = EdgeCertificate.Load(folder.Path, watch: false, TimeProvider.System, NullLogger.Instance);
        folder.Write("CN=second");
        Assert.Equal(first, HashOf(certificate));
    }

    private static string HashOf(EdgeCertificate certificate) => certificate.Options.ServerCertificateContext!.TargetCertificate.GetCertHashString();

    private sealed class CertificateFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("edge-certificate-").FullName;

        public string Write(string subject)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var now = DateTimeOffset.UtcNow;
            using var certificate = new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
            File.WriteAllText(System.IO.Path.Combine(Path, "tls.crt"), certificate.ExportCertificatePem());
            File.WriteAllText(System.IO.Path.Combine(Path, "tls.key"), key.ExportPkcs8PrivateKeyPem());
            return certificate.GetCertHashString();
        }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
