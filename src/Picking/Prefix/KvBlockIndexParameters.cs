using System.Collections.Immutable;
using System.ComponentModel;

namespace Orleans.Inference.Picking.Prefix;

/// <summary><c>indexerConfig.kvBlockIndexConfig</c> of <c>precise-prefix-cache-producer</c>: read, so that configurations are taken as they are, and without effect.</summary>
public sealed record KvBlockIndexParameters
{
    /// <summary>The index in memory.</summary>
    [Description("No effect.")]
    public ImmutableDictionary<string, long>? InMemoryConfig { get; init; }

    /// <summary>An index in Redis.</summary>
    [Description("No effect: each gateway keeps an index of its own.")]
    public ImmutableDictionary<string, string>? RedisConfig { get; init; }

    /// <summary>An index in memory that goes by bytes.</summary>
    [Description("No effect.")]
    public ImmutableDictionary<string, string>? CostAwareMemoryConfig { get; init; }

    /// <summary>Metrics of the index.</summary>
    [Description("No effect.")]
    public bool EnableMetrics { get; init; }

    /// <summary>How often metrics are logged, in nanoseconds.</summary>
    [Description("No effect.")]
    public long MetricsLoggingInterval { get; init; }
}
