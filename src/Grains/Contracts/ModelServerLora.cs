namespace Orleans.Inference.Grains.Contracts;

/// <summary>The LoRA adapters of one model server.</summary>
/// <remarks>Immutable: whoever makes one hands its arrays over.</remarks>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.ModelServerLora")]
public sealed record ModelServerLora
{
    /// <summary>The server reports no adapters.</summary>
    public static readonly ModelServerLora None = new() { Active = [], Waiting = [] };

    /// <summary>The pool has not heard of the server yet: a gateway that has may keep what it knows.</summary>
    public static readonly ModelServerLora Unknown = new() { Active = [], Waiting = [], MaxActive = -1 };

    /// <summary>Adapters with running requests.</summary>
    [Id(0)]
    public required string[] Active { get; init; }

    /// <summary>Adapters with waiting requests only.</summary>
    [Id(1)]
    public required string[] Waiting { get; init; }

    /// <summary>True for <see cref="Unknown"/>, also from another process.</summary>
    public bool IsUnknown => MaxActive < 0;

    /// <summary>How many adapters the server holds at once.</summary>
    [Id(2)]
    public int MaxActive { get; init; }

    /// <inheritdoc/>
    public bool Equals(ModelServerLora? other) =>
        ReferenceEquals(this, other)
        || (other is not null && MaxActive == other.MaxActive && Active.AsSpan().SequenceEqual(other.Active) && Waiting.AsSpan().SequenceEqual(other.Waiting));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MaxActive, Active.Length, Waiting.Length);
}
