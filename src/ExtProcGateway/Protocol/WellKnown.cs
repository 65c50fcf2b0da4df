namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>Names that gateways and pickers agree on.</summary>
internal static class WellKnown
{
    /// <summary>Largest piece of a body in one answer: what the reference picker sends, below Envoy's default of 64 KiB for a message.</summary>
    public const int BodyChunkSize = 62_000;

    public const string ProcessPath = "/envoy.service.ext_proc.v3.ExternalProcessor/Process";

    public static ReadOnlySpan<byte> DestinationHeader => "x-gateway-destination-endpoint"u8;

    public static ReadOnlySpan<byte> DestinationNamespace => "envoy.lb"u8;

    public static ReadOnlySpan<byte> RequestIdHeader => "x-request-id"u8;

    public static ReadOnlySpan<byte> ContentLengthHeader => "Content-Length"u8;

    public static ReadOnlySpan<byte> ResponseSeenHeader => "x-went-into-resp-headers"u8;

    public static ReadOnlySpan<byte> DroppedReasonHeader => "x-llm-d-request-dropped-reason"u8;
}
