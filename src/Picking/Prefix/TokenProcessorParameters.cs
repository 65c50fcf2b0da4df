using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Prefix;

/// <summary><c>tokenProcessorConfig</c> of <c>precise-prefix-cache-producer</c>.</summary>
public sealed record TokenProcessorParameters
{
    /// <summary>Tokens in a block.</summary>
    [Range(0, int.MaxValue)]
    [Description("No effect: prompts are cut into blocks as the servers do it, which their events tell.")]
    public int BlockSizeTokens { get; init; } = 16;

    /// <summary>The same by an older name.</summary>
    [Range(0, int.MaxValue)]
    [Description("Deprecated: `blockSizeTokens`.")]
    public int BlockSize { get; init; }

    /// <summary>What the names of blocks begin with.</summary>
    [Description("No effect: the names of blocks never leave the process.")]
    public string HashSeed { get; init; } = "";

    /// <summary>How blocks are named.</summary>
    [AllowedValues("", "cbor-fnv", "xxh64")]
    [Description("No effect: the names of blocks never leave the process.")]
    public string HashAlgorithm { get; init; } = "";
}
