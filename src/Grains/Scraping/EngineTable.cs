namespace Orleans.Inference.Grains.Scraping;

/// <summary>The engines there are, and how a pod says which it has.</summary>
/// <remarks>Immutable.</remarks>
/// <param name="labelKey">Pod label that names the engine.</param>
/// <param name="engines">By name.</param>
/// <param name="fallback">Of a pod that names none, or one that is not known.</param>
internal sealed class EngineTable(string labelKey, IReadOnlyDictionary<string, EngineMapping> engines, EngineMapping fallback)
{
    /// <summary>The engines that are known without configuration; vLLM where a pod names none.</summary>
    public static readonly EngineTable BuiltIn = new(EngineMapping.EngineLabel, BuiltInEngines.All.ToDictionary(engine => engine.Name, StringComparer.Ordinal), BuiltInEngines.Vllm);

    /// <summary>The engine of a pod.</summary>
    /// <param name="named">What discovery has read of the usual labels; null for nothing.</param>
    public EngineMapping Find(IReadOnlyDictionary<string, string> labels, string? named)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var name = labels.GetValueOrDefault(labelKey) ?? (labelKey == EngineMapping.EngineLabel ? named : null) ?? labels.GetValueOrDefault(EngineMapping.LegacyEngineLabel);
        return name is not null && engines.TryGetValue(name, out var engine) ? engine : fallback;
    }
}
