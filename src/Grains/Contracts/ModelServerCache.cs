namespace Orleans.Inference.Grains.Contracts;

/// <summary>The KV cache of one model server; zeros where it reports none.</summary>
/// <param name="BlockSize">Tokens in a block.</param>
/// <param name="BlockCount">Blocks in the cache.</param>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.ModelServerCache")]
public readonly record struct ModelServerCache([property: Id(0)] int BlockSize, [property: Id(1)] int BlockCount)
{
    /// <summary>The pool has not heard of the server yet: a gateway that has may keep what it knows.</summary>
    public static readonly ModelServerCache Unknown = new(-1, -1);

    /// <summary>True for <see cref="Unknown"/>.</summary>
    public bool IsUnknown => this == Unknown;
}
