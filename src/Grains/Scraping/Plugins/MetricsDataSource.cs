using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Configuration.Values;

namespace Orleans.Inference.Grains.Scraping.Plugins;

/// <summary><c>metrics-data-source</c>: where the model servers' metrics are read.</summary>
/// <param name="parameters">What differs from the flags.</param>
public sealed class MetricsDataSource(MetricsDataSourceParameters parameters) : IScrapeSource
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
                scheme: https
                path: /metrics
                port: 8001
                interval: 100ms
                insecureSkipVerify: false
                caCertPath: /etc/model-servers/ca.crt
            """,
    };

    /// <inheritdoc/>
    public TimeSpan? ScrapeInterval => parameters.Interval;

    /// <summary>Sets what the parameters say.</summary>
    public void ApplyTo(ScrapeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Path = parameters.Path ?? options.Path;
        options.Port = parameters.Port ?? options.Port;
        options.Interval = parameters.Interval ?? options.Interval;
        options.Https = parameters.Scheme is { } scheme ? scheme == "https" : options.Https;
        options.Tls = new()
        {
            InsecureSkipVerify = parameters.InsecureSkipVerify ?? options.Tls.InsecureSkipVerify,
            CaCertPath = NameOf(parameters.CaCertPath),
            ClientCertPath = NameOf(parameters.ClientCertPath),
            ClientKeyPath = NameOf(parameters.ClientKeyPath),
        };
    }

    private static string? NameOf(string? path) => string.IsNullOrEmpty(path) ? null : path;

    private static MetricsDataSource Create(MetricsDataSourceParameters parameters, PluginContext context)
    {
        // It goes into the request's first line as it is.
        if (parameters.Path is { } path && (!path.StartsWith('/') || path.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            context.Fault("path", $"path must be one such as /metrics, not \"{path}\"");
        }

        if (parameters.Interval < TimeSpan.Zero)
        {
            context.Fault("interval", $"interval must be at least 0, not {GoDuration.Format(parameters.Interval.Value)}");
        }
        else if (parameters.Interval == TimeSpan.Zero)
        {
            parameters = parameters with { Interval = null };
        }
        else if (parameters.Interval < MinInterval)
        {
            context.Warn("interval", $"interval is {GoDuration.Format(parameters.Interval.Value)}, less than the least, 50ms, which is taken");
            parameters = parameters with { Interval = MinInterval };
        }

        if (string.IsNullOrEmpty(parameters.ClientCertPath) != string.IsNullOrEmpty(parameters.ClientKeyPath))
        {
            context.Fault("clientCertPath", "clientCertPath and clientKeyPath belong together: name both or none");
        }

        return new(parameters);
    }
}
