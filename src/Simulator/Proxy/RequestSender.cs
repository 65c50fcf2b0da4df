using System.Buffers;
using Microsoft.AspNetCore.Http.Features;
using Orleans.Inference.Simulator.ExtProc;

namespace Orleans.Inference.Simulator.Proxy;

/// <summary>Sends a client's request to the picker, as Envoy does in FULL_DUPLEX_STREAMED mode: without waiting for answers.</summary>
internal static class RequestSender
{
    // Envoy's default connection buffer.
    private const int LargestMessage = 1024 * 1024;

    /// <summary>The headers that Envoy would send for an HTTP/1.1 request, in its order.</summary>
    public static HeaderList ReadHeaders(HttpRequest request)
    {
        var headers = new HeaderList();
        headers.Add(":authority", request.Host.Value ?? "");
        headers.Add(":path", request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        headers.Add(":method", request.Method);
        headers.Add(":scheme", request.Scheme);
        foreach (var (name, values) in request.Headers)
        {
            foreach (var value in values)
            {
                if (value is not null && !name.Equals("host", StringComparison.OrdinalIgnoreCase))
                {
                    headers.Add(name, value);
                }
            }
        }

        headers.Add("x-forwarded-proto", request.Scheme);
        if (headers.Find("x-request-id") is null)
        {
            headers.Add("x-request-id", Guid.NewGuid().ToString());
        }

        return headers;
    }

    public static bool HasBody(HttpRequest request)
    {
        return request.ContentLength != 0
            && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
    }

    public static async Task SendAsync(ExtProcStream stream, HttpRequest request, HeaderList headers, CancellationToken cancellationToken)
    {
        var hasBody = HasBody(request);
        await stream.SendAsync(ExtProcMessages.RequestHeaders(headers.All, endOfStream: !hasBody), cancellationToken);
        if (!hasBody)
        {
            return;
        }

        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            foreach (var piece in Pieces(read.Buffer))
            {
                await stream.SendAsync(ExtProcMessages.RequestBody(piece, endOfStream: false), cancellationToken);
            }

            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        if (request.CheckTrailersAvailable() && request.HttpContext.Features.Get<IHttpRequestTrailersFeature>()?.Trailers is { Count: > 0 } trailers)
        {
            var all = trailers.Select(trailer => (trailer.Key.ToLowerInvariant(), trailer.Value.ToString()));
            await stream.SendAsync(ExtProcMessages.RequestTrailers(all), cancellationToken);
        }
        else
        {
            await stream.SendAsync(ExtProcMessages.RequestBody([], endOfStream: true), cancellationToken);
        }
    }

    private static IEnumerable<byte[]> Pieces(ReadOnlySequence<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var piece = buffer.Slice(0, Math.Min(buffer.Length, LargestMessage));
            yield return piece.ToArray();
            buffer = buffer.Slice(piece.End);
        }
    }
}
