namespace Orleans.Inference.ExtProcGateway.Http2.Hpack;

/// <summary>How the decoding of a header block ended.</summary>
internal enum HpackResult
{
    /// <summary>All fields went to the sink.</summary>
    Ok,

    /// <summary>The block was read to its end and the table is right, but the list was larger than allowed, and fields were left out.</summary>
    ListTooLarge,

    /// <summary>The block is malformed; the table cannot be trusted any more (COMPRESSION_ERROR).</summary>
    Malformed,
}
