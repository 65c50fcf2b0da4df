using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>What a silo reads of its configuration.</summary>
internal sealed class SiloOptionsSet(
    IOptions<SiloOptions> silo,
    IOptions<ClusterOptions> cluster,
    IOptions<EndpointOptions> endpoints,
    IOptions<SiloMessagingOptions> messaging,
    IOptions<GrainCollectionOptions> collection)
{
    public string Name => silo.Value.SiloName ?? "";

    public ClusterOptions Cluster => cluster.Value;

    public EndpointOptions Endpoints => endpoints.Value;

    public SiloMessagingOptions Messaging => messaging.Value;

    public GrainCollectionOptions Collection => collection.Value;
}
