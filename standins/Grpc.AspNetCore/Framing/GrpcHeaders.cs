namespace Grpc.Framing;

/// <summary>Names of gRPC over HTTP/2.</summary>
internal static class GrpcHeaders
{
    public const string ContentType = "application/grpc";
    public const string Identity = "identity";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";

    /// <summary>In a call's metadata: compress this call so. It never goes over the wire.</summary>
    public const string EncodingRequest = "grpc-internal-encoding-request";

    /// <summary>RST_STREAM code CANCEL.</summary>
    public const int CancelErrorCode = 0x8;

    /// <summary>The protocol's largest timeout: eight digits of seconds.</summary>
    public static readonly TimeSpan MaxTimeout = TimeSpan.FromSeconds(99_999_999);

    /// <summary>application/grpc, application/grpc+proto, with parameters or without.</summary>
    public static bool IsGrpcContentType(string? value)
        => value is not null
            && value.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
            && (value.Length == ContentType.Length || value[ContentType.Length] is '+' or ';');

    /// <summary>Whether a header belongs to the protocol, not to the caller's metadata.</summary>
    public static bool IsReserved(string name)
        => name.StartsWith(':')
            || name.ToLowerInvariant() is Status or Message or Encoding or AcceptEncoding or Timeout or "content-type" or "content-encoding" or "te";

    /// <summary>Base 64 with its padding or without.</summary>
    public static byte[] DecodeBinary(string value) => Convert.FromBase64String(value.PadRight((value.Length + 3) / 4 * 4, '='));
}
