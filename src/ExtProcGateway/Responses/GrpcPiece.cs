namespace Orleans.Inference.ExtProcGateway.Responses;

/// <summary>What <see cref="GrpcPieceReader"/> came upon.</summary>
internal enum GrpcPiece : byte
{
    /// <summary>Nothing before more bytes come.</summary>
    None,

    /// <summary>Bytes of a message.</summary>
    Content,

    /// <summary>The message is whole.</summary>
    End,
}
