namespace Orleans.Inference.Silo.Discovery;

/// <summary>An InferenceObjective: what the requests are worth that name it.</summary>
/// <remarks>Immutable.</remarks>
internal sealed record ObjectiveObject : PolicyObject
{
    public override string Kind => "InferenceObjective";

    /// <summary>Higher is served first; below 0 can be shed.</summary>
    public int Priority { get; init; }
}
