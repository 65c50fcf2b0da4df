using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Grains.Scraping.Plugins;

/// <summary><c>metrics-data-source</c>: where the model servers' metrics are read.</summary>
/// <param name="parameters">What differs from the flags.</param>
public sealed class MetricsDataSource(MetricsDataSourceParameters parameters)
{
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<MetricsDataSource, MetricsDataSourceParameters>("metrics-data-source", Create) with
    {
        Roles = PluginRoles.DataSource,
        Summary = "Reads the model servers' metrics. They are read without it too; it is listed to say where. Counts in the process that scrapes (the silo), from its start on.",
        Example = """
            - type: metrics-data-source
              parameters:
                path: /metrics
                port: 8001
                interval: 100ms
            """,
    };

    /// <summary>Sets what the parameters say.</summary>
    public void ApplyTo(ScrapeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Path = parameters.Path ?? options.Path;
        options.Port = parameters.Port ?? options.Port;
        options.Interval = parameters.Interval ?? options.Interval;
    }

    private static MetricsDataSource Create(MetricsDataSourceParameters parameters, PluginContext context)
    {
        if (parameters.Scheme == "https")
        {
            context.Fault("scheme", "https is not available in this version; only http is");
        }

        // It goes into the request's first line as it is.
        if (parameters.Path is { } path && (!path.StartsWith('/') || path.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            context.Fault("path", $"path must be one such as /metrics, not \"{path}\"");
        }

        if (parameters.Interval < MinInterval)
        {
            context.Warn("interval", "interval is less than the least, 50ms, which is taken");
            parameters = parameters with { Interval = MinInterval };
        }

        foreach (var (name, value) in new[] { ("caCertPath", parameters.CaCertPath), ("clientCertPath", parameters.ClientCertPath), ("clientKeyPath", parameters.ClientKeyPath) })
        {
            if (!string.IsNullOrEmpty(value))
            {
                context.Warn(name, $"{name} has no effect: metrics are read by http");
            }
        }

        return new(parameters);
    }
}
