using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.Operators;
using Orleans.Inference.ExtProcGateway.Operators.Access;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Operators;

public sealed class InClusterApiTests : IDisposable
{
    private readonly CertificateFolder _folder = new();

    [Fact]
    public async Task Open_InAPod_TrustsTheClustersAuthorityAndSendsTheTokenOfNow()
    {
        using var certificate = TestCertificates.SelfSigned("CN=kubernetes");
        await using var server = new TokenEcho(certificate);
        await server.StartAsync(CancellationToken.None);
        Write("ca.crt", certificate.ExportCertificatePem());
        Write("token", "first\n");

        using var client = Open("127.0.0.1", server.Port)!;
        Assert.Equal("Bearer first", await client.GetStringAsync(new Uri("whoami", UriKind.Relative)));
        Write("token", "second\n");
        Assert.Equal("Bearer second", await client.GetStringAsync(new Uri("whoami", UriKind.Relative)));
    }

    [Fact]
    public async Task Open_ServerOfAnotherAuthority_IsNotTrusted()
    {
        using var certificate = TestCertificates.SelfSigned("CN=kubernetes");
        using var other = TestCertificates.SelfSigned("CN=kubernetes");
        await using var server = new TokenEcho(certificate);
        await server.StartAsync(CancellationToken.None);
        Write("ca.crt", other.ExportCertificatePem());
        Write("token", "mine");

        using var client = Open("127.0.0.1", server.Port)!;
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(new Uri("whoami", UriKind.Relative)));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("10.0.0.1", false)]
    public void Open_NotInAPod_IsNull(string? host, bool account)
    {
        if (account)
        {
            Write("ca.crt", "");
            Write("token", "");
        }

        Assert.Null(Open(host, 443));
    }

    public void Dispose() => _folder.Dispose();

    private HttpClient? Open(string? host, int port) =>
        InClusterApi.Open(name => name == "KUBERNETES_SERVICE_HOST" ? host : name == "KUBERNETES_SERVICE_PORT" ? $"{port}" : null, _folder.Path);

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder.Path, file), text);

    private sealed class TokenEcho(X509Certificate2 certificate) : WebServer("an API server", 0, NullLoggerFactory.Instance)
    {
        protected override void Listen(ListenOptions listener) =>
            listener.UseHttps(new Microsoft.AspNetCore.Server.Kestrel.Https.TlsHandshakeCallbackOptions
            {
                OnConnection = _ => new(new System.Net.Security.SslServerAuthenticationOptions { ServerCertificate = certificate }),
            });

        protected override void Map(WebApplication app) =>
            app.MapGet("/whoami", (RequestDelegate)(context => context.Response.WriteAsync(context.Request.Headers.Authorization.ToString())));
    }
}
