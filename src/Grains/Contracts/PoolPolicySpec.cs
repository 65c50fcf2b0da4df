using System.Collections.Immutable;

namespace Orleans.Inference.Grains.Contracts;

/// <summary>What a pool's policy objects (InferenceObjective, InferenceModelRewrite, InferenceModel) come to, in the one form that gateways know.</summary>
/// <remarks>Immutable; two are equal when all they say is, in the same order.</remarks>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.PoolPolicySpec")]
public sealed record PoolPolicySpec
{
    /// <summary>No policies.</summary>
    public static readonly PoolPolicySpec None = new();

    /// <summary>Priorities by the names of objectives, each name once.</summary>
    [Id(0)]
    public ImmutableArray<NamedPriority> Objectives { get; init; } = [];

    /// <summary>Priorities by the names of models, each name once: for requests that name no objective.</summary>
    [Id(1)]
    public ImmutableArray<NamedPriority> Models { get; init; } = [];

    /// <summary>Rewrite rules, the one that takes precedence first; a rule for a model takes precedence over those for all models wherever it stands.</summary>
    [Id(2)]
    public ImmutableArray<RewriteRuleSpec> Rewrites { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(PoolPolicySpec? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && Objectives.AsSpan().SequenceEqual(other.Objectives.AsSpan())
            && Models.AsSpan().SequenceEqual(other.Models.AsSpan())
            && Rewrites.AsSpan().SequenceEqual(other.Rewrites.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Objectives.Length, Models.Length, Rewrites.Length);
}
