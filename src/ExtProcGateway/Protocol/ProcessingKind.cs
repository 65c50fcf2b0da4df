namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>What a <c>ProcessingRequest</c> carries; values are the field numbers.</summary>
internal enum ProcessingKind
{
    None = 0,
    RequestHeaders = 2,
    ResponseHeaders = 3,
    RequestBody = 4,
    ResponseBody = 5,
    RequestTrailers = 6,
    ResponseTrailers = 7,
}
