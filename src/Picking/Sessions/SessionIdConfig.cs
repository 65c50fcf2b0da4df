using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Sessions;

/// <summary>Parameters of the strategy <c>session_id</c>.</summary>
public sealed record SessionIdConfig
{
    /// <summary>Where a session's id is looked for, in order; none means the header <c>x-session-id</c>.</summary>
    public ImmutableArray<SessionIdSource> Sources { get; init; } = [];

    /// <summary>How long an unused session is remembered.</summary>
    [Range(0.0, 31_536_000.0, MinimumIsExclusive = true)]
    [ElseDefault(Only = 0.0)]
    [Description("Seconds that a session is remembered without being used.")]
    public double EvictionTtlSeconds { get; init; } = 300;

    /// <summary>How often forgotten sessions are cleared away.</summary>
    [Range(0.0, 86_400.0, MinimumIsExclusive = true)]
    [ElseDefault(Only = 0.0)]
    [Description("Seconds between two times that forgotten sessions are cleared away.")]
    public double EvictionSweepSeconds { get; init; } = 10;
}
