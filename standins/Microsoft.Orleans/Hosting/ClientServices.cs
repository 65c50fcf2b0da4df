using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Orleans.Hosting;

internal static class ClientServices
{
    public static ClientBuilder Add(IServiceCollection services, IConfiguration configuration)
    {
        if (services.Any(s => s.ServiceType == typeof(Silo)))
        {
            throw new OrleansConfigurationException("Do not use UseOrleansClient with UseOrleans: a silo's host has a client already.");
        }

        if (services.All(s => s.ServiceType != typeof(ClusterClientNode)))
        {
            services.AddOptions();
            services.AddLogging();
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton<ClusterClientNode>();
            services.AddSingleton<IClusterClient>(sp => new GrainFactory(sp.GetRequiredService<ClusterClientNode>(), sp));
            services.AddSingleton<IGrainFactory>(sp => sp.GetRequiredService<IClusterClient>());
            services.AddHostedService(sp => sp.GetRequiredService<ClusterClientNode>());
        }

        return new ClientBuilder(services, configuration);
    }
}
