using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scheduling;

/// <summary>The scheduler of a picker that was given no configuration.</summary>
public static class DefaultSchedulers
{
    /// <summary>That of <see cref="DefaultConfiguration"/>.</summary>
    /// <param name="staleness">Age from which figures count as stale.</param>
    public static Scheduler Create(TimeSpan staleness) =>
        DefaultConfiguration.Load(PluginRegistry.CreateBuiltIn(), new ConfigurationLoadOptions { MetricsStaleness = staleness }).Scheduler;
}
