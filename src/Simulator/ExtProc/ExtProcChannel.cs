using System.Net.Security;
using System.Text;
using Grpc.Net.Client;

namespace Orleans.Inference.Simulator.ExtProc;

/// <summary>Opens channels to a picker.</summary>
public static class ExtProcChannel
{
    // Envoy's windows are far larger than .NET's default of 64 KB, which would make large prompts wait for round trips.
    private const int StreamWindow = 1024 * 1024;

    /// <summary>A channel to <c>host:port</c> (plain HTTP/2) or to an address with <c>http://</c> or <c>https://</c>.</summary>
    /// <param name="verifyCertificate">With https: whether the certificate must be valid. Pickers have self-signed ones by default.</param>
    /// <param name="authority">The <c>:authority</c> of the calls; null for host and port of the address.</param>
    /// <param name="connect">Opens the connection's stream in place of TCP; with TLS of its own, the address is one of plain HTTP/2.</param>
    /// <exception cref="UriFormatException">The address is none.</exception>
    public static GrpcChannel Open(string address, bool verifyCertificate = false, string? authority = null, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        var sockets = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = connect,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = StreamWindow,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, _, _, errors) => !verifyCertificate || errors == SslPolicyErrors.None,
            },
        };

        return GrpcChannel.ForAddress(
            address.Contains("://", StringComparison.Ordinal) ? address : "http://" + address,
            new GrpcChannelOptions
            {
                HttpHandler = authority is null ? sockets : WithAuthority(authority, sockets),
                DisposeHttpClient = true,
                MaxReceiveMessageSize = null,
                MaxSendMessageSize = null,
            });
    }

    private static AuthorityHandler WithAuthority(string authority, SocketsHttpHandler sockets)
    {
        if (Uri.TryCreate("http://" + authority, UriKind.Absolute, out var uri) && uri.Authority == authority)
        {
            return new AuthorityHandler(authority, sockets);
        }

        // As long as the authority, and like nothing else: digits of random numbers.
        var standIn = string.Concat(Enumerable.Range(0, (authority.Length / 32) + 1).Select(_ => Guid.NewGuid().ToString("N")))[..authority.Length];
        var (from, to) = (Encoding.ASCII.GetBytes(standIn), Encoding.Latin1.GetBytes(authority));
        sockets.PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new AuthorityStream(context.PlaintextStream, from, to));
        return new AuthorityHandler(standIn, sockets);
    }

    private sealed class AuthorityHandler(string authority, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Host = authority;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
