using System.Net.Security;
using System.Security.Authentication;
using Orleans.Inference.Interop.Tests.Picker;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.Operation;

/// <summary>TLS on the ext_proc port of the real process.</summary>
public sealed class TlsProcessTests
{
    [Fact]
    public async Task Connect_ServerNameAndAuthorityOfIstio_FindThePool()
    {
        await using var picker = await PickerUnderTest.StartPickingAsync("--drain-timeout=0");

        // A second pool: the only one of a process is found by any name.
        picker.Manifests.WritePool("other", [8000], "ns", "epp-other");
        await picker.Program.WaitForLineAsync("Following 2 pools");
        using var client = new ExtProcClient(
            picker.Plain, PickerManifests.Authority, async (_, _) => await TlsClient.ConnectAsync(picker.GrpcPort, PickerManifests.Authority));
        using var exchange = await PickerUnderTest.OpenPickedAsync(client);

        using var stranger = new ExtProcClient(
            picker.Plain, PickerManifests.UnknownAuthority, async (_, _) => await TlsClient.ConnectAsync(picker.GrpcPort, PickerManifests.UnknownAuthority));
        using var lost = stranger.Open();
        Assert.False(await PickerUnderTest.IsPickedAsync(lost));
    }

    [Fact]
    public async Task Connect_NoCertificateGiven_OneIsMadeAndServesHttp2()
    {
        await using var picker = await PickerUnderTest.StartPickingAsync("--drain-timeout=0", "--tls-min-version=VersionTLS13");
        await using var tls = await TlsClient.ConnectAsync(picker.GrpcPort);
        Assert.Equal((SslApplicationProtocol.Http2, SslProtocols.Tls13), (tls.NegotiatedApplicationProtocol, tls.SslProtocol));
        Assert.Equal(tls.RemoteCertificate!.Subject, tls.RemoteCertificate.Issuer);
        using var client = new ExtProcClient(picker.Secure);
        using var exchange = await PickerUnderTest.OpenPickedAsync(client);
        await Assert.ThrowsAnyAsync<Exception>(() => TlsClient.ConnectAsync(picker.GrpcPort, versions: SslProtocols.Tls12));
    }

    [Fact]
    public async Task Connect_CipherSuiteIsNamed_ItIsTaken()
    {
        await using var picker = await PickerUnderTest.StartAsync("--drain-timeout=0", "--tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        await using var tls = await TlsClient.ConnectAsync(picker.GrpcPort, versions: SslProtocols.Tls12);
        Assert.Equal(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.NegotiatedCipherSuite);
    }

    [Fact]
    public async Task Reload_MountedSecretChanges_NewConnectionsGetItAndABadOneIsSaidOnce()
    {
        using var folder = new CertificateFolder();
        var first = folder.Mount("CN=first");
        await using var picker = await PickerUnderTest.StartPickingAsync("--drain-timeout=0", "--cert-path", folder.Path, "--enable-cert-reload");
        Assert.Equal(first, await TlsClient.CertificateHashAsync(picker.GrpcPort));
        using var client = new ExtProcClient(picker.Secure);
        using var open = await PickerUnderTest.OpenPickedAsync(client);

        var second = folder.Mount("CN=second");
        await Bounds.UntilAsync(async () => await TlsClient.CertificateHashAsync(picker.GrpcPort) == second, "the second certificate");

        folder.MountBroken();
        await picker.Program.WaitForLineAsync("cannot be used, the one before it stays");
        Assert.Equal(second, await TlsClient.CertificateHashAsync(picker.GrpcPort));

        var third = folder.Mount("CN=third");
        await Bounds.UntilAsync(async () => await TlsClient.CertificateHashAsync(picker.GrpcPort) == third, "the third certificate");
        Assert.Single(picker.Program.Output.Split('\n'), line => line.Contains("cannot be used", StringComparison.Ordinal));

        // The connection of before goes on.
        await open.SendResponseHeadersAsync(200, endOfStream: true);
        Assert.NotNull((await open.ReadAsync()).ResponseHeaders);
    }
}
