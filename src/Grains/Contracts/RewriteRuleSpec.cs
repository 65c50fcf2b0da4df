using System.Collections.Immutable;

namespace Orleans.Inference.Grains.Contracts;

/// <summary>Which models' requests go to which models instead.</summary>
/// <remarks>Immutable; two are equal when all they say is.</remarks>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.RewriteRuleSpec")]
public sealed record RewriteRuleSpec
{
    /// <summary>Name of the object that the rule is part of.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Models that it is for, any of them; empty means all.</summary>
    [Id(1)]
    public ImmutableArray<string> Models { get; init; } = [];

    /// <summary>The models it sends requests to; at least one.</summary>
    [Id(2)]
    public required ImmutableArray<RewriteTargetSpec> Targets { get; init; }

    /// <inheritdoc/>
    public bool Equals(RewriteRuleSpec? other) =>
        other is not null
        && Name == other.Name
        && Models.AsSpan().SequenceEqual(other.Models.AsSpan())
        && Targets.AsSpan().SequenceEqual(other.Targets.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Models.Length, Targets.Length);
}
