using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Grains.Scraping.Plugins;

/// <summary><c>core-metrics-extractor</c>: which of a model server's metrics mean what, engine by engine.</summary>
public sealed class CoreMetricsExtractor
{
    private readonly EngineTable _engines;

    private CoreMetricsExtractor(EngineTable engines) => _engines = engines;

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<CoreMetricsExtractor, CoreMetricsExtractorParameters>("core-metrics-extractor", Create) with
    {
        Roles = PluginRoles.DataExtractor,
        Summary = "Says which of the model servers' metrics mean what. vllm, sglang, trtllm-serve, triton-tensorrt-llm and triton are known without it. Counts in the process that scrapes (the silo), from its start on.",
        Example = """
            - type: core-metrics-extractor
              parameters:
                defaultEngine: mine
                engineConfigs:
                - name: mine
                  queuedRequestsSpec: mine_waiting
                  runningRequestsSpec: mine_requests{state=running}
                  kvUsageSpec: mine_cache_usage
            """,
    };

    /// <summary>Sets what the parameters say.</summary>
    public void ApplyTo(ScrapeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Engines = _engines;
    }

    private static CoreMetricsExtractor Create(CoreMetricsExtractorParameters parameters, PluginContext context)
    {
        var engines = new Dictionary<string, EngineMapping>(StringComparer.Ordinal);
        foreach (var engine in parameters.EngineConfigs)
        {
            if (engine.Name is "" or "default")
            {
                context.Fault("engineConfigs", $"engineConfigs: an engine can't be called '{engine.Name}'");
            }
            else if (!engines.TryAdd(engine.Name, MappingOf(engine, context)))
            {
                context.Fault("engineConfigs", $"engineConfigs: engine '{engine.Name}' is given twice");
            }
        }

        foreach (var known in BuiltInEngines.All)
        {
            engines.TryAdd(known.Name, known);
        }

        if (!engines.TryGetValue(parameters.DefaultEngine, out var fallback))
        {
            context.Fault("defaultEngine", $"defaultEngine: there is no engine '{parameters.DefaultEngine}'; there are {string.Join(", ", engines.Keys)}");
        }

        return new(new EngineTable(parameters.EngineLabelKey, engines, fallback ?? BuiltInEngines.Vllm));
    }

    private static EngineMapping MappingOf(EngineParameters engine, PluginContext context)
    {
        var specs = new List<FieldSpec>();
        Add(MetricField.Queued, engine.QueuedRequestsSpec);
        Add(MetricField.Running, engine.RunningRequestsSpec);
        Add(MetricField.KvUsage, engine.KvUsageSpec);
        Add(MetricField.Lora, engine.LoraSpec);
        Add(MetricField.CacheInfo, engine.CacheInfoSpec);
        Add(MetricField.CacheBlockSize, engine.CacheBlockSizeSpec);
        Add(MetricField.CacheBlockCount, engine.CacheNumBlocksSpec);
        if (!engine.CustomMetrics.IsEmpty)
        {
            context.Warn("engineConfigs", $"engineConfigs: customMetrics of engine '{engine.Name}' are not read in this version");
        }

        return new(engine.Name, specs, engine.CacheBlockSizeLabelName, engine.CacheNumBlocksLabelName);

        void Add(MetricField field, string text)
        {
            if (text.Length == 0)
            {
                return;
            }

            if (MetricSpec.TryParse(text, out var spec, out var error))
            {
                specs.Add(new(field, spec));
            }
            else
            {
                context.Fault("engineConfigs", $"engineConfigs: engine '{engine.Name}': {error}");
            }
        }
    }
}
