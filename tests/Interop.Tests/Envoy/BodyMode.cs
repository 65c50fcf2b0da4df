namespace Orleans.Inference.Interop.Tests.Envoy;

/// <summary>How Envoy sends a body to the picker.</summary>
public enum BodyMode
{
    /// <summary>Piece by piece without waiting; the answers carry the body.</summary>
    FullDuplex,

    /// <summary>As one message, sent after the answer to the headers.</summary>
    Buffered,

    /// <summary>As one message with as much as Envoy's buffer takes.</summary>
    BufferedPartial,

    /// <summary>Piece by piece, each waiting for its answer; the first is sent after the answer to the headers.</summary>
    Streamed,

    /// <summary>Not at all.</summary>
    None,
}
