namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>Kinds of values in MessagePack.</summary>
internal enum MsgPackType
{
    /// <summary>The end, or a byte that begins no value.</summary>
    None,
    Nil,
    Boolean,
    Integer,
    Float,
    Text,
    Binary,
    Array,
    Map,
    Extension,
}
