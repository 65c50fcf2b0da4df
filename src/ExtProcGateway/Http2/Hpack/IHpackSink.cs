namespace Orleans.Inference.ExtProcGateway.Http2.Hpack;

/// <summary>Takes the fields of a header block as they are decoded.</summary>
internal interface IHpackSink
{
    /// <summary>One field. The bytes are valid only until the method returns.</summary>
    void OnField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);
}
