namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>How a stream ended.</summary>
internal enum Http2StreamEnd
{
    /// <summary>Both sides said all they had.</summary>
    Complete,

    /// <summary>RST_STREAM from the peer.</summary>
    ResetByPeer,

    /// <summary>RST_STREAM from here.</summary>
    ResetByUs,

    /// <summary>The connection is gone, or ended with an error.</summary>
    ConnectionLost,
}
