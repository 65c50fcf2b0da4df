using System.Globalization;
using System.Text;
using Grpc.Core;
using Grpc.Framing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server;

/// <summary>The HTTP side of a response.</summary>
internal static class GrpcResponse
{
    /// <summary>Answers a request that is not gRPC over HTTP/2 with an HTTP error; false when it is.</summary>
    public static bool Refuse(HttpContext context)
    {
        var contentType = context.Request.ContentType;
        if (!GrpcHeaders.IsGrpcContentType(contentType))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            SetStatus(context.Response, new(StatusCode.Internal, contentType is null
                ? "Content-Type is missing from the request."
                : $"Content-Type '{contentType}' is not supported."));
            return true;
        }

        if (!HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol))
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            context.Response.Headers.Upgrade = HttpProtocol.Http2;
            SetStatus(context.Response, new(StatusCode.Internal, $"Request protocol '{context.Request.Protocol}' is not supported."));
            return true;
        }

        return false;
    }

    public static void Start(HttpResponse response) => response.ContentType = GrpcHeaders.ContentType;

    public static void SetStatus(HttpResponse response, Status status)
    {
        var trailers = GetTrailers(response);
        trailers[GrpcHeaders.Status] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        trailers[GrpcHeaders.Message] = string.IsNullOrEmpty(status.Detail) ? default : PercentEncode(status.Detail);
    }

    public static void AppendTrailers(HttpResponse response, Metadata metadata)
    {
        var trailers = GetTrailers(response);
        foreach (var entry in metadata)
        {
            trailers.Append(entry.Key, Encode(entry));
        }
    }

    public static string Encode(Metadata.Entry entry) => entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value;

    /// <summary>A response without messages is its headers alone, with the status among them.</summary>
    private static IHeaderDictionary GetTrailers(HttpResponse response)
        => !response.HasStarted
            ? response.Headers
            : response.HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers
                ?? throw new InvalidOperationException("Trailers are not supported for this response. The server may not support gRPC.");

    /// <summary>The protocol leaves printable ASCII but the percent sign as it is, and encodes the bytes of UTF-8.</summary>
    private static string PercentEncode(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var builder = new StringBuilder(text.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= (byte)' ' and <= (byte)'~' and not (byte)'%')
            {
                builder.Append((char)b);
            }
            else
            {
                builder.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return builder.ToString();
    }
}
