namespace Orleans.Inference.Grains.Contracts;

/// <summary>What a model server's grain knows of it, for operators.</summary>
/// <remarks>Immutable.</remarks>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.ModelServerState")]
public sealed record ModelServerState
{
    /// <summary>The order that it follows; null when it follows none.</summary>
    [Id(0)]
    public required ModelServerAssignment? Assignment { get; init; }

    /// <summary>How the newest scrape ended.</summary>
    [Id(1)]
    public required ModelServerHealth Health { get; init; }

    /// <summary>Requests waiting.</summary>
    [Id(2)]
    public int Queued { get; init; }

    /// <summary>Requests running.</summary>
    [Id(3)]
    public int Running { get; init; }

    /// <summary>Part of the KV cache in use, 0 to 1.</summary>
    [Id(4)]
    public double KvUsage { get; init; }

    /// <summary>Age of the figures in milliseconds, <see cref="LoadFrame.NeverSampled"/> before the first.</summary>
    [Id(5)]
    public int AgeMs { get; init; } = LoadFrame.NeverSampled;

    /// <summary>Its adapters.</summary>
    [Id(6)]
    public ModelServerLora Lora { get; init; } = ModelServerLora.None;

    /// <summary>Its cache configuration.</summary>
    [Id(7)]
    public ModelServerCache Cache { get; init; }
}
