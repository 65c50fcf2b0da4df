using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace Orleans.Inference.OrleansContracts.Clusters;

/// <summary>A silo's death is found out in seconds, and a call that never ends holds its stop up for two.</summary>
internal sealed class QuickMembership : ISiloConfigurator, IClientBuilderConfigurator
{
    public void Configure(ISiloBuilder siloBuilder)
    {
        Configure(siloBuilder.Services);
        siloBuilder.Configure<GrainCollectionOptions>(o => o.DeactivationTimeout = TimeSpan.FromSeconds(2));
    }

    public void Configure(IConfiguration configuration, IClientBuilder clientBuilder) => Configure(clientBuilder.Services);

    private static void Configure(IServiceCollection services) => services.Configure<ClusterMembershipOptions>(o =>
    {
        o.ProbeTimeout = TimeSpan.FromSeconds(1);
        o.NumMissedProbesLimit = 2;
        o.TableRefreshTimeout = TimeSpan.FromSeconds(2);
        o.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(2);
    });
}
