namespace Orleans.Inference.Simulator.Load;

/// <summary>What requests have in common.</summary>
internal enum WorkloadKind
{
    /// <summary>Each request begins with one of a few long texts.</summary>
    SharedPrefix,

    /// <summary>Turns, each of which repeats all that was said before; the first begins with one of a few long texts.</summary>
    Conversation,

    /// <summary>Nothing.</summary>
    Random,
}
