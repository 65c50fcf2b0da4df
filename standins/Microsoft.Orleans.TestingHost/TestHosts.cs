using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Orleans.TestingHost;

/// <summary>What the hosts of every test cluster are given.</summary>
internal static class TestHosts
{
    public static void Configure(ISiloBuilder silo, string clusterId, string serviceId, string siloName, (int Silo, int Gateway) ports)
    {
        silo.Services.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (clusterId, serviceId));
        silo.Services.Configure<SiloOptions>(o => o.SiloName = siloName);
        silo.Services.Configure<EndpointOptions>(o =>
        {
            o.AdvertisedIPAddress = IPAddress.Loopback;
            o.SiloPort = ports.Silo;
            o.GatewayPort = ports.Gateway;
        });
        silo.UseInProcessClustering();
    }

    public static void Configure(IClientBuilder client, string clusterId, string serviceId)
    {
        client.Services.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (clusterId, serviceId));
        client.UseInProcessClustering();
    }

    public static object Create(string? typeName) =>
        Activator.CreateInstance(Type.GetType(typeName!, throwOnError: true)!)!;
}
