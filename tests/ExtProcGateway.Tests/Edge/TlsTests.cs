using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.Edge;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Tests.Http2;
using Orleans.Inference.TestKit;

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
        using var certificate = EdgeCertificate.Load(folder.Path, Handshake, watch: true, TimeProvider.System, log);
        Assert.Equal(first, HashOf(certificate));

        var second = folder.Write("CN=second");
        await Eventually.TrueAsync(() => HashOf(certificate) == second);

        await File.WriteAllTextAsync(folder.Certificate, "no certificate");
        await Eventually.TrueAsync(() => log.Messages.Any(IsFault));
        Assert.Single(log.Messages, IsFault);
        Assert.Equal(second, HashOf(certificate));

        var third = folder.Write("CN=third");
        await Eventually.TrueAsync(() => HashOf(certificate) == third);
    }

    [Fact]
    public async Task Reload_MountedSecretIsSwapped_NewPairIsUsed()
    {
        using var folder = new CertificateFolder();
        var first = folder.Mount("CN=first");
        var log = new RecordingLogger();
        using var certificate = EdgeCertificate.Load(folder.Path, Handshake, watch: true, TimeProvider.System, log);
        Assert.Equal(first, HashOf(certificate));

        var next = first;
        for (var i = 0; i < 3; i++)
        {
            next = folder.Mount("CN=next");
            await Eventually.TrueAsync(() => HashOf(certificate) == next);
        }

        // A key that belongs to another certificate.
        folder.MountBroken();
        await Eventually.TrueAsync(() => log.Messages.Any(IsFault));
        Assert.Equal(next, HashOf(certificate));
    }

    [Fact]
    public async Task Connect_VersionBelowTheLeast_IsRefused()
    {
        await using var host = await EdgeHost.StartAsync(options => (options.SecureServing, options.Tls.Versions) = (true, SslProtocols.Tls13));
        await Assert.ThrowsAnyAsync<Exception>(() => RawClient.ConnectTlsAsync(host.Port, "localhost", SslProtocols.Tls12));
        await using var client = await RawClient.ConnectTlsAsync(host.Port, "localhost");
        Assert.Equal(SslProtocols.Tls13, ((SslStream)client.Stream).SslProtocol);
    }

    [Theory]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)]
    public async Task Connect_CipherSuitesAreNamed_OneOfThemIsTakenBelowTls13(TlsCipherSuite suite)
    {
        await using var host = await EdgeHost.StartAsync(options => (options.SecureServing, options.Tls.CipherSuites) = (true, [suite]));
        await using (var client = await RawClient.ConnectTlsAsync(host.Port, "localhost", SslProtocols.Tls12))
        {
            Assert.Equal(suite, ((SslStream)client.Stream).NegotiatedCipherSuite);
        }

        await using var newer = await RawClient.ConnectTlsAsync(host.Port, "localhost", SslProtocols.Tls13);
        Assert.Equal(SslProtocols.Tls13, ((SslStream)newer.Stream).SslProtocol);
    }

    [Fact]
    public async Task Connect_NoHttp2InAlpn_IsRefused()
    {
        await using var host = await EdgeHost.StartAsync(options => options.SecureServing = true);
        await Assert.ThrowsAnyAsync<Exception>(() => RawClient.ConnectTlsAsync(host.Port, "localhost", alpn: SslApplicationProtocol.Http11));
    }

    [Fact]
    public void Load_NoWatch_DoesNotLookAgain()
    {
        using var folder = new CertificateFolder();
        var first = folder.Write("CN=first");
        using var certificate = EdgeCertificate.Load(folder.Path, Handshake, watch: false, TimeProvider.System, NullLogger.Instance);
        folder.Write("CN=second");
        Assert.Equal(first, HashOf(certificate));
    }

    private static SslServerAuthenticationOptions Handshake(X509Certificate2 certificate) => new TlsSettings().HandshakeOf(certificate, [SslApplicationProtocol.Http2]);

    private static bool IsFault(string message) => message.Contains("cannot be used", StringComparison.Ordinal);

    private static string HashOf(EdgeCertificate certificate) => certificate.Options.ServerCertificateContext!.TargetCertificate.GetCertHashString();
}
