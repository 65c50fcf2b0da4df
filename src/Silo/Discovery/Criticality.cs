namespace Orleans.Inference.Silo.Discovery;

/// <summary>How much a model's requests matter (InferenceModel v1alpha2); the value is the priority that stands for it.</summary>
/// <remarks>
/// The reference picker's successor to criticality is an integer priority of which only the sign has a meaning of its own: below 0 can be shed. The steps of 100 leave
/// room for the priorities of InferenceObjectives between and beyond.
/// </remarks>
internal enum Criticality
{
    /// <summary>Dropped first when the pool is saturated.</summary>
    Sheddable = -100,

    /// <summary>As requests without any policy.</summary>
    Standard = 0,

    /// <summary>Served first.</summary>
    Critical = 100,
}
