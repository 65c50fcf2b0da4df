using System.Collections.Immutable;
using Orleans.Inference.Grains.Contracts;

namespace Orleans.Inference.Silo.Discovery;

/// <summary>An InferenceModelRewrite: which models serve requests for which.</summary>
/// <remarks>Immutable.</remarks>
internal sealed record ModelRewriteObject : PolicyObject
{
    public override string Kind => "InferenceModelRewrite";

    /// <summary>In their order; each has the object's name.</summary>
    public required ImmutableArray<RewriteRuleSpec> Rules { get; init; }
}
