using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>A client in a host of its own, of a cluster in the same process.</summary>
internal sealed class ClusterClientNode(
    IServiceProvider services,
    TimeProvider timeProvider,
    ILoggerFactory loggers,
    ClientClustering clustering,
    IOptions<ClusterOptions> cluster,
    IOptions<ClientMessagingOptions> messaging)
    : Node(services, timeProvider, loggers.CreateLogger("Orleans.ClusterClient")), IHostedService
{
    public override string Name { get; } = $"Client_{Guid.NewGuid():N}";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Join(clustering.Find(cluster.Value.ClusterId), messaging.Value);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Leave();
        return Task.CompletedTask;
    }
}
