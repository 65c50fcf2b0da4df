using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Inference.ExtProcGateway.Hosting;

namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>Registers the gateway's views of pools.</summary>
public static class PoolViewServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="PoolRegistry"/>, <see cref="IPoolRouter"/> and the service that keeps the views current. Needs an
    /// <see cref="IGrainFactory"/>: a silo's, or an Orleans client's.
    /// </summary>
    public static IServiceCollection AddPoolViews(this IServiceCollection services, GatewayOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new PoolRegistry(options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPoolRouter>(provider => new PoolRouter(provider.GetRequiredService<PoolRegistry>(), options));
        services.AddHostedService<PoolViewSubscriber>();
        return services;
    }
}
