namespace Orleans.Inference.Grains.Contracts;

/// <summary>The LoRA adapters of one model server.</summary>
/// <remarks>Immutable: whoever makes one hands its arrays over.</remarks>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.ModelServerLora")]
public sealed record ModelServerLora
{
    /// <summary>No adapter known.</summary>
    public static readonly ModelServerLora None = new() { Active = [], Waiting = [] };

    /// <summary>Adapters with running requests.</summary>
    [Id(0)]
    public required string[] Active { get; init; }

    /// <summary>Adapters with waiting requests only.</summary>
    [Id(1)]
    public required string[] Waiting { get; init; }

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
