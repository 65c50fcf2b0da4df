namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>How Envoy sends a body, <c>ProcessingMode.BodySendMode</c>.</summary>
internal enum BodySendMode
{
    None = 0,
    Streamed = 1,
    Buffered = 2,
    BufferedPartial = 3,
    FullDuplexStreamed = 4,
}
