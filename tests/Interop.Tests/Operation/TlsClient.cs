using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.Operation;

/// <summary>TLS as a gateway speaks it: any name as SNI, ALPN h2, the certificate not verified.</summary>
internal static class TlsClient
{
    public static async Task<SslStream> ConnectAsync(int port, string serverName = "localhost", SslProtocols versions = SslProtocols.None)
    {
        var tcp = new TcpClient(AddressFamily.InterNetwork) { NoDelay = true };
        await tcp.ConnectAsync("127.0.0.1", port).WaitAsync(Bounds.Wait);
        var tls = new SslStream(tcp.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = serverName,
                EnabledSslProtocols = versions,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
            }).WaitAsync(Bounds.Wait);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    /// <summary>Hash of the certificate that a new connection is shown.</summary>
    public static async Task<string> CertificateHashAsync(int port)
    {
        await using var tls = await ConnectAsync(port);
        return tls.RemoteCertificate!.GetCertHashString();
    }
}
