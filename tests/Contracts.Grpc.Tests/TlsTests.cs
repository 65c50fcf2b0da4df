using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Contracts.Grpc.Protos;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting;

namespace Contracts.Grpc;

public sealed class TlsTests
{
    [Fact]
    public async Task Channel_OverTls_CarriesCallsOnceTheCertificateIsTrusted()
    {
        using var certificate = CreateCertificate();
        await using var server = await ProbeServer.StartAsync(listen: endpoint => endpoint.UseHttps(certificate));
        var trusting = server.CreateClient(options => options.HttpHandler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == certificate.GetCertHashString(),
            },
        });

        var answer = await trusting.UnaryAsync(new Ask { Number = 5 }).ResponseAsync.WaitAsync(ProbeServer.Patience);
        var failure = await Failure.OfAsync(server.CreateClient().UnaryAsync(new Ask()).ResponseAsync);

        Assert.Equal("https", server.Address.Scheme);
        Assert.Equal(5, answer.Number);
        Assert.Equal(StatusCode.Internal, failure.StatusCode);
    }

    [Fact]
    public void Credentials_OtherThanTheScheme_AreRefused()
    {
        var options = new GrpcChannelOptions { Credentials = ChannelCredentials.SecureSsl };

        Assert.Throws<InvalidOperationException>(() => GrpcChannel.ForAddress("http://127.0.0.1:1", options));
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }
}
