using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Framing;

namespace Grpc.Net.Client;

/// <summary>gRPC's rules for what comes and goes over HTTP/2.</summary>
internal static class ClientProtocol
{
    public static string? GetValue(HttpHeaders headers, string name)
        => headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    public static Metadata ReadMetadata(HttpHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers.NonValidated)
        {
            if (GrpcHeaders.IsReserved(name))
            {
                continue;
            }

            foreach (var value in values)
            {
                if (name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
                {
                    metadata.Add(name, GrpcHeaders.DecodeBinary(value));
                }
                else
                {
                    metadata.Add(name, value);
                }
            }
        }

        return metadata;
    }

    /// <summary>The status among the headers or trailers; null when there is none.</summary>
    public static Status? ReadStatus(HttpHeaders headers)
    {
        if (GetValue(headers, GrpcHeaders.Status) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? new Status((StatusCode)code, Uri.UnescapeDataString(GetValue(headers, GrpcHeaders.Message) ?? ""))
            : new Status(StatusCode.Cancelled, "Unexpected grpc-status value: " + text);
    }

    /// <exception cref="RpcException">The response is not one of gRPC.</exception>
    public static void Validate(HttpResponseMessage response)
    {
        if (response.Version.Major < 2)
        {
            throw Bad(StatusCode.Internal, $"Response protocol downgraded to HTTP/{response.Version}.");
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw ReadStatus(response.Headers) is { } status
                ? new RpcException(status)
                : Bad(ToStatusCode(response.StatusCode), $"HTTP status code: {(int)response.StatusCode}");
        }

        var contentType = GetValue(response.Content.Headers, "Content-Type");
        if (!GrpcHeaders.IsGrpcContentType(contentType))
        {
            throw Bad(StatusCode.Cancelled, contentType is null
                ? "Response did not have a content-type header."
                : $"Invalid content-type value: {contentType}");
        }
    }

    /// <summary>The status of a call whose connection, stream or response failed.</summary>
    public static Status ToStatus(Exception exception)
    {
        StatusCode? code = null;
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpProtocolException protocol)
            {
                code = ToStatusCode(protocol.ErrorCode);
            }
            else if (cause is SocketException or IOException)
            {
                code ??= StatusCode.Unavailable;
            }
        }

        return new Status(code ?? StatusCode.Internal, "Error starting gRPC call. " + ExceptionText.Describe(exception), exception);
    }

    /// <summary>At most eight digits and a unit, rounded up.</summary>
    public static string FormatTimeout(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
        {
            return "1n";
        }

        var milliseconds = (long)Math.Ceiling(timeout.TotalMilliseconds);
        return milliseconds < 100_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds}m")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Min((milliseconds + 999) / 1000, (long)GrpcHeaders.MaxTimeout.TotalSeconds)}S");
    }

    private static RpcException Bad(StatusCode code, string detail) => new(new Status(code, "Bad gRPC response. " + detail));

    private static StatusCode ToStatusCode(HttpStatusCode code) => code switch
    {
        HttpStatusCode.BadRequest => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    /// <summary>From the error codes of HTTP/2.</summary>
    private static StatusCode ToStatusCode(long errorCode) => errorCode switch
    {
        0x7 => StatusCode.Unavailable,
        0x8 => StatusCode.Cancelled,
        0xb => StatusCode.ResourceExhausted,
        0xc => StatusCode.PermissionDenied,
        _ => StatusCode.Internal,
    };
}
