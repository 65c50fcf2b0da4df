namespace Orleans.Inference.Grains.Contracts;

/// <summary>What one silo's model servers of one pool have to say since the batch before: one row for each that was scraped.</summary>
/// <remarks>Immutable: whoever fills the arrays hands them over. Rows are in columns; all columns have the same length.</remarks>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.ReportBatch")]
public sealed class ReportBatch
{
    /// <summary>The activation of the pool grain that gave the slots.</summary>
    [Id(0)]
    public required Guid Epoch { get; init; }

    /// <summary>Which server each row is of: the slot of its assignment.</summary>
    [Id(1)]
    public required int[] Slots { get; init; }

    /// <summary>The figures of the newest successful scrape; ages are those at sending.</summary>
    [Id(2)]
    public required LoadFrame Load { get; init; }

    /// <summary>How the newest scrapes ended.</summary>
    [Id(3)]
    public required ModelServerHealth[] Health { get; init; }

    /// <summary>Rows with other adapters than the pool was told last.</summary>
    [Id(4)]
    public LoraChange[] Lora { get; init; } = [];

    /// <summary>Rows with another cache configuration than the pool was told last.</summary>
    [Id(5)]
    public CacheChange[] Cache { get; init; } = [];
}
