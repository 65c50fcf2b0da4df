using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Prefix;

/// <summary>Parameters of <c>approx-prefix-cache-producer</c>, with the reference picker's names and defaults.</summary>
public sealed record ApproxPrefixCacheParameters
{
    /// <summary>Take block size and capacity from the model servers.</summary>
    [Description("Take block size and capacity from the model servers' cache configuration where they report one.")]
    public bool AutoTune { get; init; } = true;

    /// <summary>Tokens in a block, where the model servers don't say.</summary>
    [Description("Tokens in a block, where the model servers don't say. A block has 64 at least. Must be above 0 without `autoTune`.")]
    public int BlockSizeTokens { get; init; } = 16;

    /// <summary>The same by an older name.</summary>
    [Range(0, int.MaxValue, MinimumIsExclusive = true)]
    [ElseDefault]
    [Description("Deprecated: `blockSizeTokens`, which counts where both are given.")]
    public int? BlockSize { get; init; }

    /// <summary>Tokens of a prompt that are looked at.</summary>
    [Range(0, int.MaxValue)]
    [Description("Tokens of a prompt that are looked at; with 0 `maxPrefixBlocksToMatch` decides.")]
    public int MaxPrefixTokensToMatch { get; init; } = 131_072;

    /// <summary>Blocks of a prompt that are looked at.</summary>
    [Range(0, int.MaxValue)]
    [ElseDefault]
    [Description("Blocks of a prompt that are looked at, where `maxPrefixTokensToMatch` is 0; 0 means all.")]
    public int MaxPrefixBlocksToMatch { get; init; } = 2_048;

    /// <summary>Blocks remembered of a model server that doesn't report how many it has.</summary>
    [Range(0, int.MaxValue, MinimumIsExclusive = true)]
    [ElseDefault]
    [Description("Blocks remembered of a model server that doesn't report how many it has.")]
    public int LruCapacityPerServer { get; init; } = 31_250;
}
