namespace Orleans.Inference.Picking.Configuration;

/// <summary>What configurations are loaded with.</summary>
public sealed class ConfigurationLoadOptions
{
    /// <summary>Take plugins that the reference picker calls experimental, <c>--allow-experimental-plugins</c>.</summary>
    public bool AllowExperimentalPlugins { get; init; }

    /// <summary>Age from which a server's figures count as stale, <c>--metrics-staleness-threshold</c>.</summary>
    public TimeSpan MetricsStaleness { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time between two scrapes of a server, <c>--refresh-metrics-interval</c>, for a warning where figures are stale sooner; null where nobody knows.</summary>
    public TimeSpan? ScrapeInterval { get; init; }

    /// <summary>The process's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
