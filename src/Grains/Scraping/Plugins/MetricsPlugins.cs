using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Grains.Scraping.Plugins;

/// <summary>The plugins of scraping.</summary>
public static class MetricsPlugins
{
    /// <summary>Adds their types.</summary>
    public static PluginRegistry AddMetricsPlugins(this PluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.Add(MetricsDataSource.Definition).Add(CoreMetricsExtractor.Definition);
    }

    /// <summary>Sets what a configuration says of scraping.</summary>
    public static void Apply(this ScrapeOptions options, PickerConfiguration? configuration)
    {
        ArgumentNullException.ThrowIfNull(options);
        configuration?.Find<MetricsDataSource>()?.ApplyTo(options);
        configuration?.Find<CoreMetricsExtractor>()?.ApplyTo(options);
    }
}
