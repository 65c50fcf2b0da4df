namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>One event of a KV cache, as vLLM and SGLang write it. Valid until the next is read.</summary>
internal ref struct KvEvent
{
    /// <summary>What it tells.</summary>
    public KvEventKind Kind;

    /// <summary>The server's names of the blocks.</summary>
    public ReadOnlySpan<ulong> Blocks;

    /// <summary>The server's name of the block before the first; null where that is the first of its prompt.</summary>
    public ulong? Parent;

    /// <summary>The tokens of the blocks.</summary>
    public ReadOnlySpan<uint> Tokens;

    /// <summary>Tokens in a block.</summary>
    public ulong BlockTokens;

    /// <summary>The blocks are those of a LoRA adapter.</summary>
    public bool IsLora;

    /// <summary>The adapter's name; empty where it is not told.</summary>
    public ReadOnlySpan<byte> Lora;

    /// <summary>What sets blocks apart beside their tokens: MessagePack, a list with an entry for each block; empty for nothing.</summary>
    public ReadOnlySpan<byte> ExtraKeys;

    /// <summary>The group of layers whose cache it is; null where there is one cache for all.</summary>
    public ulong? Group;

    /// <summary>What kind of attention the group has; empty where it is not told.</summary>
    public ReadOnlySpan<byte> GroupKind;
}
