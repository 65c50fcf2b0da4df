using System.Text;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>Which metric families of one inference engine hold what the picker reads.</summary>
/// <remarks>Immutable; one instance serves every model server of that engine.</remarks>
internal sealed class EngineMapping
{
    /// <summary>Pod label that names the engine.</summary>
    public const string EngineLabel = "llm-d.ai/engine-type";

    /// <summary>Older name of <see cref="EngineLabel"/>, read when that one is absent.</summary>
    public const string LegacyEngineLabel = "inference.networking.k8s.io/engine-type";

    private readonly FieldSpec[] _specs;
    private readonly byte[] _cacheBlockSizeLabel;
    private readonly byte[] _cacheBlockCountLabel;

    /// <param name="specs">
    /// What to read, at most 32. Of several specs of one field the first that is on the page counts.
    /// </param>
    /// <param name="cacheBlockSizeLabel">Label of the <see cref="MetricField.CacheInfo"/> family with the tokens of a block.</param>
    /// <param name="cacheBlockCountLabel">Label of the <see cref="MetricField.CacheInfo"/> family with the number of blocks.</param>
    public EngineMapping(string name, IReadOnlyList<FieldSpec> specs, string cacheBlockSizeLabel = "block_size", string cacheBlockCountLabel = "num_gpu_blocks")
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(specs.Count, 32);
        Name = name;
        _specs = [.. specs];
        Families = new FamilyTable(_specs);
        _cacheBlockSizeLabel = Encoding.UTF8.GetBytes(cacheBlockSizeLabel);
        _cacheBlockCountLabel = Encoding.UTF8.GetBytes(cacheBlockCountLabel);
    }

    /// <summary>As the pod label has it.</summary>
    public string Name { get; }

    public ReadOnlySpan<FieldSpec> Specs => _specs;

    internal FamilyTable Families { get; }

    public ReadOnlySpan<byte> CacheBlockSizeLabel => _cacheBlockSizeLabel;

    public ReadOnlySpan<byte> CacheBlockCountLabel => _cacheBlockCountLabel;

    public override string ToString() => Name;
}
