using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Operators.Access;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Operators;

public sealed class MetricsGateTests
{
    private readonly ProcessOptions _options = new();

    [Theory]
    [InlineData(null, 401)]
    [InlineData("Basic abc", 401)]
    [InlineData("Bearer", 401)]
    [InlineData("Bearer good", 200)]
    [InlineData("bearer good", 200)]
    [InlineData("Bearer bad", 403)]
    public async Task Get_Token_IsReviewed(string? header, int expected)
    {
        using var gate = MetricsGate.With(new OneToken());
        var (status, body) = await GetAsync(gate, header: header);
        Assert.Equal(expected, (int)status);
        Assert.Equal(expected == 200 ? GatedServer.Page : expected == 401 ? "Unauthorized\n" : "not you\n", body);
    }

    [Fact]
    public async Task Get_ManifestsAsTheSource_AsksForNoToken()
    {
        _options.Discovery.Manifests = "pools/";
        Assert.Equal((HttpStatusCode.OK, GatedServer.Page), await GetAsync(Gate()));
    }

    [Fact]
    public async Task Get_AuthenticationSwitchedOff_AsksForNoToken()
    {
        _options.Operator.MetricsEndpointAuth = false;
        Assert.Equal((HttpStatusCode.OK, GatedServer.Page), await GetAsync(Gate()));
    }

    [Fact]
    public async Task Get_NoApiServerToAsk_IsRefusedWithTheReason()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(Gate())).Status);
        var (status, body) = await GetAsync(Gate(), header: "Bearer any");
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("--metrics-endpoint-auth=false", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_CertificateFolder_IsServedWithTlsAndTheNewPair()
    {
        using var folder = new CertificateFolder();
        var hash = folder.Write("CN=metrics");
        _options.Operator.MetricsCertDir = folder.Path;
        _options.Operator.MetricsEndpointAuth = false;
        using var gate = Gate();
        await using var server = new GatedServer(gate);
        await server.StartAsync(CancellationToken.None);
        Assert.Equal(hash, await SeenAsync(server.Port));

        hash = folder.Write("CN=metrics");
        await Bounds.UntilAsync(async () => await SeenAsync(server.Port) == hash, "the new certificate");
        await Assert.ThrowsAsync<HttpRequestException>(async () => await SendAsync($"http://localhost:{server.Port}", new HttpClientHandler()));
    }

    [Fact]
    public async Task Get_ClientAuthority_TakesItsClientsOnly()
    {
        using var folder = new CertificateFolder();
        folder.Write("CN=metrics");
        using var authority = TestCertificates.SelfSigned("CN=authority");
        var file = Path.Combine(folder.Path, "ca.crt");
        await File.WriteAllTextAsync(file, authority.ExportCertificatePem());
        (_options.Operator.MetricsCertDir, _options.Operator.MetricsClientCaFile, _options.Operator.MetricsEndpointAuth) = (folder.Path, file, false);
        using var gate = Gate();
        await using var server = new GatedServer(gate);
        await server.StartAsync(CancellationToken.None);
        using var known = TestCertificates.Issue("CN=prometheus", authority);
        using var other = TestCertificates.SelfSigned("CN=authority");
        using var unknown = TestCertificates.Issue("CN=prometheus", other);

        Assert.Equal((HttpStatusCode.OK, GatedServer.Page), await SendAsync($"https://localhost:{server.Port}", Handler(known)));
        await Assert.ThrowsAsync<HttpRequestException>(async () => await SendAsync($"https://localhost:{server.Port}", Handler(unknown)));
        await Assert.ThrowsAsync<HttpRequestException>(async () => await SendAsync($"https://localhost:{server.Port}", Handler(null)));
    }

    private MetricsGate Gate() => MetricsGate.Of(_options, TimeProvider.System, NullLoggerFactory.Instance);

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(MetricsGate gate, string? header = null)
    {
        await using var server = new GatedServer(gate);
        await server.StartAsync(CancellationToken.None);
        return await SendAsync($"http://localhost:{server.Port}", new HttpClientHandler(), header);
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(string address, HttpClientHandler handler, string? header = null)
    {
        using var client = new HttpClient(handler) { BaseAddress = new Uri(address), Timeout = Bounds.Wait };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/metrics", UriKind.Relative));
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", header);
        }

        using var response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<string?> SeenAsync(int port)
    {
        string? seen = null;
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, certificate, _, _) => (seen = certificate?.GetCertHashString()) is not null };
        await SendAsync($"https://localhost:{port}", handler);
        return seen;
    }

    private static HttpClientHandler Handler(X509Certificate2? certificate)
    {
        var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = static (_, server, _, _) => server is not null, ClientCertificateOptions = ClientCertificateOption.Manual };
        if (certificate is not null)
        {
            handler.ClientCertificates.Add(certificate);
        }

        return handler;
    }

    private sealed class OneToken : ITokenReviewer
    {
        public Task<TokenVerdict> ReviewAsync(string token, string path, string verb, CancellationToken cancellation)
        {
            Assert.Equal(("/metrics", "get"), (path, verb));
            return Task.FromResult(token == "good" ? TokenVerdict.Allowed : TokenVerdict.Forbidden("not you"));
        }
    }
}
