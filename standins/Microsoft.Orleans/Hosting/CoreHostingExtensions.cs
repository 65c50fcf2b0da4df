using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Orleans.Hosting;

public static class CoreHostingExtensions
{
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder,
        int siloPort = EndpointOptions.DEFAULT_SILO_PORT,
        int gatewayPort = EndpointOptions.DEFAULT_GATEWAY_PORT,
        IPEndPoint? primarySiloEndpoint = null,
        string serviceId = ClusterOptions.DevelopmentServiceId,
        string clusterId = ClusterOptions.DevelopmentClusterId)
    {
        builder.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = IPAddress.Loopback;
            options.SiloPort = siloPort;
            options.GatewayPort = gatewayPort;
        });
        DevelopmentClusterIds.Configure(builder.Services, serviceId, clusterId);
        return builder.UseDevelopmentClustering(primarySiloEndpoint);
    }

    public static ISiloBuilder UseDevelopmentClustering(this ISiloBuilder builder, IPEndPoint? primarySiloEndpoint)
    {
        builder.Services.AddSingleton(SiloClustering.WithPrimary(() => primarySiloEndpoint));
        return builder;
    }

    internal static ISiloBuilder UseInProcessClustering(this ISiloBuilder builder)
    {
        builder.Services.AddSingleton(SiloClustering.InProcess());
        return builder;
    }
}
