using System.Collections.Frozen;

namespace Orleans.Inference.Silo.Discovery;

/// <summary>What of a Pod matters here.</summary>
/// <remarks>Immutable.</remarks>
internal sealed record PodObject
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public FrozenDictionary<string, string> Labels { get; init; } = FrozenDictionary<string, string>.Empty;

    public FrozenDictionary<string, string> Annotations { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>As the object writes it; null where it has none (yet).</summary>
    public string? Ip { get; init; }

    /// <summary>The condition <c>Ready</c> is <c>True</c>.</summary>
    public bool Ready { get; init; }

    /// <summary>It has a <c>deletionTimestamp</c>: no new requests.</summary>
    public bool Deleting { get; init; }
}
