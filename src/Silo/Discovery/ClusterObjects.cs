using System.Collections.Immutable;

namespace Orleans.Inference.Silo.Discovery;

/// <summary>All objects that were found, wherever they came from.</summary>
/// <remarks>Immutable.</remarks>
internal sealed record ClusterObjects
{
    public static readonly ClusterObjects None = new();

    /// <summary>Pools that are not being deleted.</summary>
    public ImmutableArray<PoolObject> Pools { get; init; } = [];

    public ImmutableArray<PodObject> Pods { get; init; } = [];

    /// <summary>InferenceModels, InferenceObjectives and InferenceModelRewrites that are not being deleted, in the order they were found.</summary>
    public ImmutableArray<PolicyObject> Policies { get; init; } = [];
}
