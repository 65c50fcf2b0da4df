using Orleans.Inference.Picking.Configuration.Values;
using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>Warns of figures that are stale before they are read again: every server then counts as stale for a part of the time, and as full to a saturation detector.</summary>
internal static class StalenessCheck
{
    /// <param name="detector">Name of the saturation detector: a plugin that was only added by default counts where it is this one.</param>
    public static void Run(PluginSet plugins, string? detector, ConfigurationLoadOptions options, YamlIssues issues)
    {
        var source = plugins.Instances.FirstOrDefault(instance => instance.Plugin is IScrapeSource);
        var named = (source?.Plugin as IScrapeSource)?.ScrapeInterval;
        if ((named ?? options.ScrapeInterval) is not { } interval)
        {
            return;
        }

        var setting = named is null ? "--refresh-metrics-interval" : $"the interval of '{source!.Name}'";
        foreach (var instance in plugins.Instances)
        {
            if (instance.Plugin is IStaleAfter { StaleAfter: var age } && age < interval && (!instance.IsImplied || instance.Name == detector))
            {
                issues.Warning(
                    plugins.PlaceOf(instance.Name),
                    $"plugin '{instance.Name}': figures count as stale after {GoDuration.Format(age)}, and they are read every {GoDuration.Format(interval)} ({setting}): between two scrapes every server counts as stale");
            }
        }
    }
}
