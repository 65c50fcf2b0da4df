namespace Orleans.Inference.Grains.Contracts;

/// <summary>The load of all model servers of a pool, column by column: one entry for each server, at the server's index.</summary>
/// <remarks>
/// Immutable: whoever fills the arrays hands them over, and a view may take them as they are. Times travel as ages, because no two
/// processes share a clock.
/// </remarks>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.LoadFrame")]
public sealed class LoadFrame
{
    /// <summary>What <see cref="AgeMs"/> holds for a server that has not answered a scrape yet.</summary>
    public const int NeverSampled = -1;

    /// <summary>No servers.</summary>
    public static readonly LoadFrame Empty = new() { Queued = [], Running = [], KvUsage = [], AgeMs = [] };

    /// <summary>Requests waiting.</summary>
    [Id(0)]
    public required int[] Queued { get; init; }

    /// <summary>Requests running.</summary>
    [Id(1)]
    public required int[] Running { get; init; }

    /// <summary>Part of the KV cache in use, 0 to 1.</summary>
    [Id(2)]
    public required double[] KvUsage { get; init; }

    /// <summary>How old the figures were when the frame was made, in milliseconds; <see cref="NeverSampled"/> before the first.</summary>
    [Id(3)]
    public required int[] AgeMs { get; init; }

    /// <summary>Servers of which not one scrape has ended yet, well or not: they are as good as unknown. The others have figures, or were tried in vain.</summary>
    [Id(4)]
    public int Untried { get; init; }

    /// <summary>Number of model servers.</summary>
    public int Count => Queued.Length;
}
