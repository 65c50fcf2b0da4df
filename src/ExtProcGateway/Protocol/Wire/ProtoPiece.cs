namespace Orleans.Inference.ExtProcGateway.Protocol.Wire;

/// <summary>What <see cref="ProtoPieceReader"/> came upon.</summary>
internal enum ProtoPiece : byte
{
    /// <summary>Nothing before more bytes come.</summary>
    None,

    /// <summary>A field whose value is a varint.</summary>
    Varint,

    /// <summary>A length-delimited value begins.</summary>
    Begin,

    /// <summary>Bytes of that value.</summary>
    Content,

    /// <summary>That value is whole.</summary>
    End,
}
