using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Orleans.Hosting;

internal static class DevelopmentClusterIds
{
    /// <summary>The default ids only fill what was left empty; others are set.</summary>
    public static void Configure(IServiceCollection services, string serviceId, string clusterId)
    {
        if (serviceId != ClusterOptions.DevelopmentServiceId || clusterId != ClusterOptions.DevelopmentClusterId)
        {
            services.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (serviceId, clusterId));
            return;
        }

        services.PostConfigure<ClusterOptions>(options =>
        {
            options.ClusterId = string.IsNullOrWhiteSpace(options.ClusterId) ? clusterId : options.ClusterId;
            options.ServiceId = string.IsNullOrWhiteSpace(options.ServiceId) ? serviceId : options.ServiceId;
        });
    }
}
