using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Inference.ExtProcGateway.Operators;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>Registers the metrics of a process and their page.</summary>
public static class TelemetryServiceCollectionExtensions
{
    /// <summary>
    /// Adds <c>/metrics</c> on that port, with the process's own figures and the counters of this product's meters. Each host has a registry of its own, so that
    /// several hosts in one process don't mix their figures.
    /// </summary>
    public static IServiceCollection AddMetricsPage(this IServiceCollection services, int port)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddMetricsRegistry();
        services.AddSingleton<MeterExport>();
        services.AddHostedService(provider =>
        {
            // Counts from here on, not from the first page on.
            provider.GetRequiredService<MeterExport>();
            return new MetricsServer(port, provider.GetRequiredService<CollectorRegistry>(), provider.GetRequiredService<ILoggerFactory>());
        });
        return services;
    }

    /// <summary>Adds the metrics of requests and of the picker.</summary>
    internal static IServiceCollection AddPickerMetrics(this IServiceCollection services)
    {
        services.AddMetricsRegistry();
        services.AddSingleton<RequestMetrics>();
        services.AddSingleton<PickerMetrics>();
        return services;
    }

    private static void AddMetricsRegistry(this IServiceCollection services) => services.TryAddSingleton(_ =>
    {
        var registry = Metrics.NewCustomRegistry();
        DotNetStats.Register(registry);
        return registry;
    });
}
