using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Orleans.Inference.ExtProcGateway.Operators.Access;

/// <summary>The API server of the cluster that the process runs in, as a pod finds it.</summary>
internal static class InClusterApi
{
    public const string ServiceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>A client for it; null where the process does not run in a pod with a service account.</summary>
    /// <param name="environment">Gives variables; null for one that is not set.</param>
    /// <param name="folder">The mounted service account: <c>token</c> and <c>ca.crt</c>.</param>
    public static HttpClient? Open(Func<string, string?> environment, string folder)
    {
        var token = Path.Combine(folder, "token");
        var authority = Path.Combine(folder, "ca.crt");
        if (environment("KUBERNETES_SERVICE_HOST") is not { Length: > 0 } host
            || !int.TryParse(environment("KUBERNETES_SERVICE_PORT"), out var port)
            || !File.Exists(token)
            || !File.Exists(authority))
        {
            return null;
        }

        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(authority);
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust },

            // The token and the certificates change while the process lives.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseProxy = false,
        };
        return new HttpClient(new WithToken(token, handler)) { BaseAddress = new UriBuilder("https", host, port).Uri, Timeout = Timeout };
    }

    /// <summary>Reads the token for each request: the kubelet renews the file.</summary>
    private sealed class WithToken(string file, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(file, cancellationToken)).Trim());
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
