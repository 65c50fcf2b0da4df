using Orleans.Inference.ExtProcGateway.Operators;
using Orleans.Inference.ExtProcGateway.Telemetry;

namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>The ext_proc front-end as a process of its own, a client of the cluster.</summary>
internal static partial class GatewayHost
{
    public static HostedProcess Process { get; } = new(
        "gateway",
        "The ext_proc front-end of Orleans.Inference as a process of its own: a stateless client of a cluster of silos.",
        options => [.. StartFaults.OfGateway(options.Gateway), .. StartFaults.OfMetrics(options.Operator)],
        Build,
        (logger, options) => Started(logger, options.Cluster.ClusterId, options.Cluster.OrleansGatewayPort));

    private static IHost Build(ProcessOptions options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "Orleans.Inference.ExtProcGateway" });
        builder.Logging.AddOperatorConsole(options.Operator);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddMetrics();
        builder.UseOrleansClient(client => client.UseLocalhostClustering(options.Cluster.OrleansGatewayPort, options.Cluster.ServiceId, options.Cluster.ClusterId));
        builder.Services.AddMetricsPage(options);
        builder.Services.AddExtProcGateway(options.Gateway);
        return builder.Build();
    }

    [LoggerMessage(3034, LogLevel.Information, "Gateway started: cluster {ClusterId}, by the silo's port {Port}")]
    private static partial void Started(ILogger logger, string clusterId, int port);
}
