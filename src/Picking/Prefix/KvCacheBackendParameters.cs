using System.ComponentModel;

namespace Orleans.Inference.Picking.Prefix;

/// <summary>An entry of <c>indexerConfig.kvCacheBackendConfigs</c>.</summary>
public sealed record KvCacheBackendParameters
{
    /// <summary>The tier.</summary>
    [Description("Name of the tier.")]
    public string Name { get; init; } = "";

    /// <summary>What a block counts there.</summary>
    [Description("What a block counts there.")]
    public double Weight { get; init; } = 1;
}
