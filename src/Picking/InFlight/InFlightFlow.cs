namespace Orleans.Inference.Picking.InFlight;

/// <summary>Whose requests are in flight, as far as figures tell them apart.</summary>
/// <remarks>Immutable. Flows are the same where the objects are: whoever makes them makes one for each pair, and no more than it wants to see figures of.</remarks>
/// <param name="fairnessId">Bounded: clients choose it.</param>
public sealed class InFlightFlow(string fairnessId, int priority)
{
    /// <summary>Fairness id of the requests.</summary>
    public string FairnessId { get; } = fairnessId;

    /// <summary>Priority of the requests.</summary>
    public int Priority { get; } = priority;
}
