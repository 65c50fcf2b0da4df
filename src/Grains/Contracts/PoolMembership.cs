using System.Collections.Immutable;

namespace Orleans.Inference.Grains.Contracts;

/// <summary>One pool as discovery sees it: what it says of itself, all its ready model servers, and its policies.</summary>
/// <remarks>Immutable.</remarks>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.PoolMembership")]
public sealed record PoolMembership
{
    /// <summary>The pool.</summary>
    [Id(0)]
    public required PoolSpec Spec { get; init; }

    /// <summary>Its model servers, in any order; of several with one id the first counts.</summary>
    [Id(1)]
    public required ImmutableArray<ModelServerSpec> Servers { get; init; }

    /// <summary>Names the content: whoever publishes gives another revision to another content. See <see cref="IPoolGrain.ConfirmMembership"/>.</summary>
    [Id(2)]
    public required long Revision { get; init; }

    /// <summary>What its requests are worth and which models serve them; null reads as <see cref="PoolPolicySpec.None"/>.</summary>
    [Id(3)]
    public PoolPolicySpec? Policies { get; init; }

    /// <summary>A membership whose revision is a hash of its content, the same in every process.</summary>
    public static PoolMembership Create(PoolSpec spec, ImmutableArray<ModelServerSpec> servers, PoolPolicySpec? policies = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        policies ??= PoolPolicySpec.None;
        return new PoolMembership { Spec = spec, Servers = servers, Policies = policies, Revision = MembershipHash.Of(spec, servers, policies) };
    }
}
