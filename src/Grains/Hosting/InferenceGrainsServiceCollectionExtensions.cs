using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Inference.Grains.ModelServers;
using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Grains.Hosting;

/// <summary>Registers what the grains of a silo need.</summary>
public static class InferenceGrainsServiceCollectionExtensions
{
    /// <summary>Adds the services of the pool, model-server and directory grains, and scraping. Call it after Orleans is added, so that reporting stops before the silo.</summary>
    public static IServiceCollection AddInferenceGrains(
        this IServiceCollection services,
        Action<GrainsOptions>? configure = null,
        Action<ScrapeOptions>? scraping = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetricsScraping(scraping);
        services.AddOptions<GrainsOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GrainsOptions>, GrainsOptionsValidator>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.AddMetrics();
        services.TryAddSingleton<GrainsMetrics>();
        services.TryAddSingleton<ReportBatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<ReportBatcher>());
        return services;
    }
}
