namespace Orleans.Inference.ExtProcGateway.Grpc;

/// <summary>Why a call ended without the handler's doing.</summary>
internal enum GrpcAbort
{
    /// <summary>RST_STREAM from the client; Envoy's normal end of a call.</summary>
    ResetByClient,

    /// <summary>The connection is gone, or broke the protocol.</summary>
    ConnectionLost,

    /// <summary>The call's own deadline (<c>grpc-timeout</c>) has passed.</summary>
    DeadlineExceeded,

    /// <summary>A request message was malformed, larger than allowed or in an unknown compression; the client got the status.</summary>
    BadMessage,

    /// <summary>The handler's answer was larger than a message may be; the client got the status.</summary>
    AnswerTooLarge,

    /// <summary>The handler threw; the client got <c>Unknown</c>.</summary>
    HandlerFailed,

    /// <summary>The server stops and the drain time is over.</summary>
    ServerStopping,
}
