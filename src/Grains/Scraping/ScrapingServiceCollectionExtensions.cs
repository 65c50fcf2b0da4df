using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>Registers metrics scraping.</summary>
public static class ScrapingServiceCollectionExtensions
{
    /// <summary>Adds the process's scrape clock; needs a <see cref="TimeProvider"/> in the container.</summary>
    public static IServiceCollection AddMetricsScraping(this IServiceCollection services, Action<ScrapeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (configure is not null)
        {
            services.Configure(configure);
        }

        return services.AddSingleton(provider => new ScrapeClock(
            provider.GetRequiredService<IOptions<ScrapeOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            new Random(),
            provider.GetRequiredService<ILogger<ScrapeClock>>()));
    }
}
