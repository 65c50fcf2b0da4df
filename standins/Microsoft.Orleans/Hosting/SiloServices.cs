using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Orleans.Hosting;

internal static class SiloServices
{
    public static SiloBuilder Add(IServiceCollection services, IConfiguration configuration)
    {
        if (services.Any(s => s.ServiceType == typeof(ClusterClientNode)))
        {
            throw new OrleansConfigurationException("Do not use UseOrleansClient with UseOrleans: a silo's host has a client already.");
        }

        if (services.All(s => s.ServiceType != typeof(Silo)))
        {
            services.AddOptions();
            services.AddLogging();
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton(_ => SiloClustering.Unconfigured());
            services.AddSingleton<SiloLifecycle>();
            services.AddSingleton<ISiloLifecycle>(sp => sp.GetRequiredService<SiloLifecycle>());
            services.AddSingleton<SiloOptionsSet>();
            services.AddSingleton<Silo>();
            services.AddSingleton<ILocalSiloDetails>(sp => sp.GetRequiredService<Silo>());
            services.AddSingleton<IClusterClient>(sp => new GrainFactory(sp.GetRequiredService<Silo>(), sp));
            services.AddSingleton<IGrainFactory>(sp => sp.GetRequiredService<IClusterClient>());
            services.AddScoped<ActivationScope>();
            services.AddScoped<IGrainContextAccessor>(sp => sp.GetRequiredService<ActivationScope>());
            services.AddTransient(sp => sp.GetRequiredService<ActivationScope>().GrainContext);
            services.AddHostedService<SiloHostedService>();
        }

        return new SiloBuilder(services, configuration);
    }
}
