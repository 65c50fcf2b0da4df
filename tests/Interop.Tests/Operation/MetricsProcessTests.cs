using System.Net;
using System.Security.Cryptography.X509Certificates;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.Operation;

/// <summary>The metrics port of the real process.</summary>
public sealed class MetricsProcessTests
{
    [Theory]
    [InlineData(HttpStatusCode.NotImplemented, "dotnet-trace")]
    [InlineData(HttpStatusCode.NotFound, "", "--enable-pprof=false")]
    public async Task Get_WithManifests_NeedsNoTokenAndSaysHowToProfile(HttpStatusCode expected, string text, params string[] flags)
    {
        await using var picker = await PickerUnderTest.StartAsync(["--secure-serving=false", "--drain-timeout=0", .. flags]);
        using var client = Client();
        Assert.Contains("process_cpu_seconds_total", await client.GetStringAsync(new Uri($"http://127.0.0.1:{picker.MetricsPort}/metrics")), StringComparison.Ordinal);
        using var pprof = await client.GetAsync(new Uri($"http://127.0.0.1:{picker.MetricsPort}/debug/pprof/heap"));
        Assert.Equal(expected, pprof.StatusCode);
        Assert.Contains(text, await pprof.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_CertificateAndClientAuthority_AreAsked()
    {
        using var folder = new CertificateFolder();
        var hash = folder.Write("CN=metrics");
        using var authority = TestCertificates.SelfSigned("CN=authority");
        var file = Path.Combine(folder.Path, "ca.crt");
        await File.WriteAllTextAsync(file, authority.ExportCertificatePem());
        await using var picker = await PickerUnderTest.StartAsync(
            "--secure-serving=false", "--drain-timeout=0", "--metrics-endpoint-auth=false", "--metrics-cert-dir", folder.Path, "--metrics-client-ca-file", file);
        var address = new Uri($"https://127.0.0.1:{picker.MetricsPort}/metrics");

        using var known = TestCertificates.Issue("CN=prometheus", authority);
        string? seen = null;
        using (var client = Client(known, certificate => seen = certificate))
        {
            Assert.Contains("process_cpu_seconds_total", await client.GetStringAsync(address), StringComparison.Ordinal);
        }

        Assert.Equal(hash, seen);
        using var stranger = Client(null, _ => { });
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetStringAsync(address));
    }

    [Fact]
    public async Task Start_CertificateFolderWithoutAnybodyToAskFor_IsRefused()
    {
        await using var silo = ChildProcess.StartDotnet(RepositoryPaths.Silo, "--manifests", "nowhere", "--metrics-cert-dir", "certs", "--metrics-endpoint-auth=false");
        Assert.Equal(2, await silo.WaitForExitAsync());
        Assert.Contains("--metrics-cert-dir needs --metrics-endpoint-auth or --metrics-client-ca-file", silo.Output, StringComparison.Ordinal);
    }

    private static HttpClient Client() => new() { Timeout = Bounds.Wait };

    private static HttpClient Client(X509Certificate2? certificate, Action<string> seen)
    {
        var handler = new HttpClientHandler
        {
            ClientCertificateOptions = ClientCertificateOption.Manual,
            ServerCertificateCustomValidationCallback = (_, server, _, _) =>
            {
                seen(server!.GetCertHashString());
                return true;
            },
        };
        if (certificate is not null)
        {
            handler.ClientCertificates.Add(certificate);
        }

        return new HttpClient(handler) { Timeout = Bounds.Wait };
    }
}
