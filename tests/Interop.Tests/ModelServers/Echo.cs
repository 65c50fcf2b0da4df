using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Orleans.Inference.Interop.Tests.ModelServers;

/// <summary>What a model server received, as it tells its client.</summary>
/// <param name="Server">Address of the model server.</param>
/// <param name="Headers">The request's headers, names in lower case, several values joined by a comma.</param>
/// <param name="Length">Length of the body.</param>
/// <param name="Hash">SHA-256 of the body, in hexadecimal.</param>
/// <param name="Trailers">The request's trailers.</param>
internal sealed record Echo(
    string Server, string Method, string Path, Dictionary<string, string> Headers, long Length, string Hash, Dictionary<string, string> Trailers)
{
    /// <summary>The address that the picker wrote into the request.</summary>
    public string? Destination => Headers.GetValueOrDefault("x-gateway-destination-endpoint");

    public static string HashOf(ReadOnlySpan<byte> body) => Convert.ToHexString(SHA256.HashData(body));

    public static Echo Parse(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<Echo>(json)!;

    public static async Task AnswerAsync(HttpContext context, string server)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        long length = 0;
        for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0; length += read)
        {
            hash.AppendData(buffer, 0, read);
        }

        var trailers = context.Request.CheckTrailersAvailable() ? context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestTrailersFeature>()!.Trailers : null;
        await context.Response.WriteAsJsonAsync(
            new Echo(
                server,
                context.Request.Method,
                context.Request.Path,
                Flatten(context.Request.Headers),
                length,
                Convert.ToHexString(hash.GetHashAndReset()),
                trailers is null ? [] : Flatten(trailers)),
            JsonSerializerOptions.Default,
            context.RequestAborted);
    }

    private static Dictionary<string, string> Flatten(IHeaderDictionary headers) =>
        headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(',', (IEnumerable<string?>)header.Value), StringComparer.Ordinal);
}
