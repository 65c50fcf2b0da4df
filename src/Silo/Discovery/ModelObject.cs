using System.Collections.Immutable;
using Orleans.Inference.Grains.Contracts;

namespace Orleans.Inference.Silo.Discovery;

/// <summary>An InferenceModel (v1alpha2): what a model's requests are worth and which models serve them.</summary>
/// <remarks>Immutable.</remarks>
internal sealed record ModelObject : PolicyObject
{
    public override string Kind => "InferenceModel";

    /// <summary>The model as requests name it.</summary>
    public required string ModelName { get; init; }

    public Criticality Criticality { get; init; } = Criticality.Standard;

    /// <summary>The models that serve it; empty: itself.</summary>
    public ImmutableArray<RewriteTargetSpec> Targets { get; init; } = [];
}
