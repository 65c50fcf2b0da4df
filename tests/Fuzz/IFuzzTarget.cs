namespace Orleans.Inference.Fuzz;

/// <summary>Something that takes bytes from outside, and what must hold whatever they are.</summary>
/// <remarks>An instance is used by one thread. Seeds for it lie in <c>corpus/NAME/</c>.</remarks>
internal interface IFuzzTarget
{
    /// <summary>Its name on the command line and of its corpus.</summary>
    string Name { get; }

    /// <summary>One line for <c>--list</c>.</summary>
    string Description { get; }

    /// <summary>Pieces of input that mean something to it, for the mutations.</summary>
    IReadOnlyList<byte[]> Words { get; }

    /// <summary>Tries one input. An exception counts as a fault too.</summary>
    /// <param name="random">For what is chosen by the target, such as cuts; the same for the same input.</param>
    FuzzOutcome Run(byte[] input, Random random);
}
