namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>Names that gateways and pickers agree on.</summary>
internal static class WellKnown
{
    /// <summary>Largest piece of a body in one answer: what the reference picker sends, below Envoy's default of 64 KiB for a message.</summary>
    public const int BodyChunkSize = 62_000;

    public const string ProcessPath = "/envoy.service.ext_proc.v3.ExternalProcessor/Process";

    /// <summary>Flow of requests that name none, as in the reference pickers.</summary>
    public const string DefaultFlow = "default-flow";

    public static ReadOnlySpan<byte> DestinationHeader => "x-gateway-destination-endpoint"u8;

    /// <summary>Namespace of <see cref="DestinationHeader"/>, <see cref="ScoresKey"/> and <see cref="ServedKey"/> in metadata.</summary>
    public static ReadOnlySpan<byte> DestinationNamespace => "envoy.lb"u8;

    /// <summary>Every candidate's score, <c>--emit-endpoint-scores</c>.</summary>
    public static ReadOnlySpan<byte> ScoresKey => "x-gateway-destination-endpoint-scores"u8;

    /// <summary>Which server answered, as the gateway tells with the response's headers.</summary>
    public static ReadOnlySpan<byte> ServedKey => "x-gateway-destination-endpoint-served"u8;

    /// <summary>Namespace of <see cref="SubsetKey"/>.</summary>
    public static ReadOnlySpan<byte> SubsetNamespace => "envoy.lb.subset_hint"u8;

    /// <summary>The only servers that the gateway lets a request go to.</summary>
    public static ReadOnlySpan<byte> SubsetKey => "x-gateway-destination-endpoint-subset"u8;

    public static ReadOnlySpan<byte> RequestIdHeader => "x-request-id"u8;

    public static ReadOnlySpan<byte> TraceParentHeader => "traceparent"u8;

    public static ReadOnlySpan<byte> ContentLengthHeader => "Content-Length"u8;

    public static ReadOnlySpan<byte> ServedVerdictHeader => "x-conformance-test-served-endpoint"u8;

    public static ReadOnlySpan<byte> ResponseSeenHeader => "x-went-into-resp-headers"u8;

    public static ReadOnlySpan<byte> DroppedReasonHeader => "x-llm-d-request-dropped-reason"u8;

    /// <summary>Path of a request that names none.</summary>
    public static ReadOnlySpan<byte> DefaultPath => "/v1/completions"u8;
}
