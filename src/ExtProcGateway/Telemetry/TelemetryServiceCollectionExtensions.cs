using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Operators;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>Registers the metrics of a process and their page.</summary>
public static class TelemetryServiceCollectionExtensions
{
    /// <summary>
    /// Adds <c>/metrics</c>, with the process's own figures and the counters of this product's meters. Each host has a registry of its own, so that
    /// several hosts in one process don't mix their figures.
    /// </summary>
    public static IServiceCollection AddMetricsPage(this IServiceCollection services, ProcessOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.AddMetricsRegistry();
        services.TryAddSingleton(options.Operator);
        services.AddSingleton<MeterExport>();
        services.AddHostedService(provider =>
        {
            // They fill the page from here on; the picker's metrics and the pools' only where there is a front-end.
            provider.GetRequiredService<MeterExport>();
            provider.GetService<PickerMetrics>();
            provider.GetService<PoolGauges>();
            provider.GetService<InFlightGauges>();
            provider.GetService<PrefixIndexGauge>();
            provider.GetService<PredictionMetrics>();
            provider.GetService<HeldBytesGauge>();
            return MetricsServer.Of(options, provider);
        });
        return services;
    }

    /// <summary>Adds the metrics of requests, of the picker and of its pools.</summary>
    internal static IServiceCollection AddPickerMetrics(this IServiceCollection services)
    {
        services.AddMetricsRegistry();
        services.AddSingleton<RequestMetrics>();
        services.AddSingleton<PickerMetrics>();
        services.TryAddSingleton<OperatorOptions>();
        services.AddSingleton<PoolGauges>();
        services.AddSingleton<InFlightGauges>();
        services.AddSingleton<PrefixIndexGauge>();
        services.AddSingleton<PredictionMetrics>();
        services.AddSingleton<HeldBytesGauge>();
        return services;
    }

    private static void AddMetricsRegistry(this IServiceCollection services) => services.TryAddSingleton(_ =>
    {
        var registry = Metrics.NewCustomRegistry();
        DotNetStats.Register(registry);
        return registry;
    });
}
