namespace Orleans.Inference.Silo.Discovery;

/// <summary>An object that says how a pool's requests are to be treated.</summary>
/// <remarks>Immutable.</remarks>
internal abstract record PolicyObject
{
    /// <summary>Kind, as the object writes it.</summary>
    public abstract string Kind { get; }

    /// <summary>API group.</summary>
    public required string Group { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>When it was created; where it does not say (as in a file written by hand), the beginning of time, as the reference picker takes it.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>The pool that it is for, of its namespace.</summary>
    public required PoolReference Pool { get; init; }

    /// <summary>For messages: <c>InferenceObjective models/chat of llm-d.ai</c>.</summary>
    public sealed override string ToString() => $"{Kind} {Namespace}/{Name} of {Group}";
}
