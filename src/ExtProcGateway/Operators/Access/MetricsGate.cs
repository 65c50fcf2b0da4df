using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Orleans.Inference.ExtProcGateway.Edge;
using Orleans.Inference.ExtProcGateway.Hosting;

namespace Orleans.Inference.ExtProcGateway.Operators.Access;

/// <summary>How the metrics port is reached and by whom: TLS, clients' certificates, bearer tokens.</summary>
public sealed partial class MetricsGate : IDisposable
{
    private readonly EdgeCertificate? _certificate;
    private readonly ITokenReviewer? _reviewer;

    private MetricsGate(EdgeCertificate? certificate, ITokenReviewer? reviewer)
    {
        _certificate = certificate;
        _reviewer = reviewer;
    }

    /// <summary>The gate that the flags describe. With manifests as the source of pools no token is asked for: there is no API server to check one with.</summary>
    /// <exception cref="IOException">A certificate's file can't be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The files of the certificate are no pair.</exception>
    public static MetricsGate Of(ProcessOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        var asks = options.Operator.MetricsEndpointAuth && options.Discovery.Manifests is null;
        return new MetricsGate(
            CertificateOf(options, time, loggers),
            asks ? ReviewerOf(InClusterApi.Open(Environment.GetEnvironmentVariable, InClusterApi.ServiceAccountFolder), loggers.CreateLogger<MetricsGate>()) : null);
    }

    /// <summary>A gate that asks <paramref name="reviewer"/>; without TLS.</summary>
    internal static MetricsGate With(ITokenReviewer? reviewer) => new(null, reviewer);

    /// <inheritdoc/>
    public void Dispose() => _certificate?.Dispose();

    /// <summary>Sets up the listener.</summary>
    internal void Apply(ListenOptions listener)
    {
        if (_certificate is { } certificate)
        {
            listener.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(certificate.Options) });
        }
    }

    /// <summary>Guards all that is mapped after it.</summary>
    internal void Apply(WebApplication app)
    {
        if (_reviewer is { } reviewer)
        {
            app.Use((context, next) => GuardAsync(context, next, reviewer));
        }
    }

    private static async Task GuardAsync(HttpContext context, RequestDelegate next, ITokenReviewer reviewer)
    {
        var verdict = TokenOf(context.Request) is { } token
            ? await reviewer.ReviewAsync(token, context.Request.Path, context.Request.Method.ToLowerInvariant(), context.RequestAborted)
            : TokenVerdict.Unauthorized;
        if (verdict == TokenVerdict.Allowed)
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = verdict.Status;
        if (verdict.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        await context.Response.WriteAsync($"{verdict.Reason}\n", context.RequestAborted);
    }

    private static string? TokenOf(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        var token = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : "";
        return token.Length == 0 ? null : token;
    }

    private static EdgeCertificate? CertificateOf(ProcessOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        if (options.Operator.MetricsCertDir is not { } folder)
        {
            return null;
        }

        X509Certificate2Collection? authorities = null;
        if (options.Operator.MetricsClientCaFile is { } file)
        {
            authorities = [];
            authorities.ImportFromPemFile(file);
        }

        return EdgeCertificate.Load(
            folder,
            certificate => options.Gateway.Tls.HandshakeOf(certificate, [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11], authorities),
            watch: true,
            time,
            loggers.CreateLogger<EdgeCertificate>());
    }

    private static ITokenReviewer ReviewerOf(HttpClient? api, ILogger log)
    {
        if (api is not null)
        {
            return new ClusterTokenReviewer(api, log);
        }

        LogNoApiServer(log, NoTokenReviewer.Reason);
        return new NoTokenReviewer();
    }

    [LoggerMessage(3051, LogLevel.Warning, "The metrics port refuses all requests. {Reason}")]
    private static partial void LogNoApiServer(ILogger log, string reason);
}
