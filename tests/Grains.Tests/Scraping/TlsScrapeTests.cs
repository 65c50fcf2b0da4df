using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Orleans.Inference.Grains.Scraping;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Grains.Tests.Scraping;

/// <summary>Metrics over HTTPS, from a real server with a certificate of its own.</summary>
public sealed class TlsScrapeTests : IDisposable
{
    private static readonly ScrapeServer.Answer Good = ScrapeServer.Always(ScrapeServer.Ok(Pages.Vllm));

    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("scrape-tls-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Scrape_AnyCertificate_IsTrustedByDefaultAndTheConnectionKept()
    {
        using var certificate = TestCertificates.SelfSigned("CN=unknown");
        await using var server = Serve(certificate);
        using var harness = new ScrapeHarness(server.EndPoint, options => options.Https = true);

        var first = await harness.ScrapeAsync();
        var second = await harness.ScrapeAsync();

        Assert.Equal((ScrapeHealth.Healthy, 3, 7, 0.25), (first.Health, first.Queued, first.Running, first.KvUsage));
        Assert.Equal(ScrapeHealth.Healthy, second.Health);
        Assert.Equal(1, server.Accepted);
        Assert.Empty(harness.Log);
    }

    [Fact]
    public async Task Scrape_AgainAndAgain_NeverTakesAStepThatEndsUnderItsEyesForAFailure()
    {
        using var certificate = TestCertificates.SelfSigned("CN=unknown");
        await using var server = Serve(certificate);
        using var harness = new ScrapeHarness(server.EndPoint, options => options.Https = true);

        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal(ScrapeHealth.Healthy, (await harness.ScrapeAsync()).Health);
        }

        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task Scrape_PageOfManyRecords_IsRead()
    {
        using var certificate = TestCertificates.SelfSigned("CN=unknown");
        var page = System.Text.Encoding.ASCII.GetString(Pages.WithHistograms(Pages.Vllm, 1_000_000));
        await using var server = Serve(certificate, ScrapeServer.Always(ScrapeServer.Ok(page)));
        using var harness = new ScrapeHarness(server.EndPoint, options => options.Https = true);

        Assert.Equal((ScrapeHealth.Healthy, 3), await harness.ScrapeAsync() is var sample ? (sample.Health, sample.Queued) : default);
        Assert.Equal(ScrapeHealth.Healthy, (await harness.ScrapeAsync()).Health);
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task Scrape_CertificateOfTheTrustedAuthority_IsTrusted()
    {
        using var authority = TestCertificates.SelfSigned("CN=authority");
        using var certificate = TestCertificates.Issue("CN=server", authority);
        await using var server = Serve(certificate);
        using var harness = Verifying(server.EndPoint, authority);

        Assert.Equal(ScrapeHealth.Healthy, (await harness.ScrapeAsync()).Health);
    }

    [Fact]
    public async Task Scrape_CertificateOfAnotherAuthority_IsToldAndNothingIsRead()
    {
        using var authority = TestCertificates.SelfSigned("CN=authority");
        using var certificate = TestCertificates.SelfSigned("CN=impostor");
        await using var server = Serve(certificate);
        using var harness = Verifying(server.EndPoint, authority);

        var sample = await harness.ScrapeAsync();

        Assert.Equal(new ScrapeHealth(ScrapeFailure.Tls, (int)SslPolicyErrors.RemoteCertificateChainErrors), sample.Health);
        Assert.Empty(server.Paths);
        Assert.Contains("the server's certificate is not trusted (RemoteCertificateChainErrors)", Assert.Single(harness.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_CertificateOfAnotherAddress_IsNotTrusted()
    {
        using var certificate = TestCertificates.SelfSigned("CN=elsewhere", IPAddress.Parse("127.0.0.2"));
        await using var server = Serve(certificate);
        using var harness = Verifying(server.EndPoint, certificate);

        Assert.Equal(new ScrapeHealth(ScrapeFailure.Tls, (int)SslPolicyErrors.RemoteCertificateNameMismatch), (await harness.ScrapeAsync()).Health);
    }

    [Fact]
    public async Task Scrape_CertificateReplacedByATrustedOne_IsReadAgain()
    {
        using var authority = TestCertificates.SelfSigned("CN=authority");
        using var impostor = TestCertificates.SelfSigned("CN=impostor");
        using var certificate = TestCertificates.Issue("CN=server", authority);
        var options = Options(impostor);
        await using var server = new ScrapeServer(Good, tls: options);
        using var harness = Verifying(server.EndPoint, authority);
        Assert.Equal(ScrapeFailure.Tls, (await harness.ScrapeAsync()).Health.Failure);

        options.ServerCertificate = certificate;

        Assert.Equal(ScrapeHealth.Healthy, (await harness.ScrapeAsync()).Health);
    }

    [Fact]
    public async Task Scrape_ServerThatAsksForACertificate_IsShownTheOneOfTheFiles()
    {
        using var certificate = TestCertificates.SelfSigned("CN=server");
        using var own = new CertificateFolder();
        var hash = own.Write("CN=picker");
        var shown = new TaskCompletionSource<string?>();
        var options = Options(certificate);
        options.ClientCertificateRequired = true;
        options.RemoteCertificateValidationCallback = (_, client, _, _) => shown.TrySetResult(client?.GetCertHashString());
        await using var server = new ScrapeServer(Good, tls: options);
        using var harness = new ScrapeHarness(server.EndPoint, scraping =>
        {
            scraping.Https = true;
            scraping.Tls = new() { ClientCertPath = own.Certificate, ClientKeyPath = Path.Combine(own.Path, "tls.key") };
        });

        Assert.Equal(ScrapeHealth.Healthy, (await harness.ScrapeAsync()).Health);
        Assert.Equal(hash, await shown.Task);
    }

    [Fact]
    public async Task Scrape_PlainServer_HasNoSession()
    {
        await using var server = new ScrapeServer(Good);
        using var harness = new ScrapeHarness(server.EndPoint, options => options.Https = true);

        // A plain server waits for the end of a head that a handshake never has.
        harness.Clock.Tick();
        harness.Time.Advance(TimeSpan.FromSeconds(1.5));
        await harness.UntilAsync(() => server.Accepted == 1);
        harness.Time.Advance(TimeSpan.FromSeconds(1.5));

        Assert.Equal(ScrapeFailure.TimedOut, (await harness.OutcomeAsync()).Health.Failure);
        await harness.UntilAsync(() => server.Open == 0);
    }

    [Fact]
    public async Task Scrape_ServerThatBreaksTheHandshakeOff_HasNoSession()
    {
        using var certificate = TestCertificates.SelfSigned("CN=server");
        var options = Options(certificate);
        options.ServerCertificateSelectionCallback = (_, _) => null!;
        options.ServerCertificate = null;
        await using var server = new ScrapeServer(Good, tls: options);
        using var harness = new ScrapeHarness(server.EndPoint, scraping => scraping.Https = true);

        Assert.Equal(new ScrapeHealth(ScrapeFailure.Tls), (await harness.ScrapeAsync()).Health);
        Assert.Contains("no TLS session could be made", Assert.Single(harness.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_NobodyListens_CannotConnect()
    {
        var address = new IPEndPoint(IPAddress.Loopback, Loopback.FreePort());
        using var harness = new ScrapeHarness(address, options => options.Https = true);

        Assert.Equal(ScrapeFailure.Connect, (await harness.ScrapeAsync()).Health.Failure);
    }

    [Fact]
    public async Task Scrape_ServerClosesTheIdleConnection_ConnectsAgain()
    {
        using var certificate = TestCertificates.SelfSigned("CN=server");
        await using var server = Serve(certificate);
        using var harness = new ScrapeHarness(server.EndPoint, options => options.Https = true);
        Assert.Equal(ScrapeHealth.Healthy, (await harness.ScrapeAsync()).Health);

        await server.DropConnectionsAsync();

        Assert.Equal(ScrapeHealth.Healthy, (await harness.ScrapeAsync()).Health);
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public void Faults_FilesThatCannotBeUsed_AreAllTold()
    {
        var empty = Path.Combine(_folder.FullName, "empty.crt");
        File.WriteAllText(empty, "");
        var options = new ScrapeOptions
        {
            Https = true,
            Tls = new() { InsecureSkipVerify = false, CaCertPath = empty, ClientCertPath = Path.Combine(_folder.FullName, "none.crt"), ClientKeyPath = empty },
        };

        var faults = options.Faults();

        Assert.Equal(2, faults.Count);
        Assert.Equal($"metrics-data-source: caCertPath: there is no PEM certificate in {empty}", faults[0]);
        Assert.StartsWith("metrics-data-source: clientCertPath and clientKeyPath: ", faults[1], StringComparison.Ordinal);
        Assert.Contains("none.crt", faults[1], StringComparison.Ordinal);
    }

    private static ScrapeServer Serve(X509Certificate2 certificate, ScrapeServer.Answer? answer = null) => new(answer ?? Good, tls: Options(certificate));

    private static SslServerAuthenticationOptions Options(X509Certificate2 certificate) => new() { ServerCertificate = certificate };

    private ScrapeHarness Verifying(IPEndPoint server, X509Certificate2 authority)
    {
        var file = Path.Combine(_folder.FullName, "ca.crt");
        File.WriteAllText(file, authority.ExportCertificatePem());
        return new(server, options =>
        {
            options.Https = true;
            options.Tls = new() { InsecureSkipVerify = false, CaCertPath = file };
        });
    }
}
