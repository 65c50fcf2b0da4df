using Orleans.Inference.ExtProcGateway.Hosting;

namespace Orleans.Inference.Silo.Hosting;

/// <summary>The silo's process.</summary>
internal static class SiloProgram
{
    public static HostedProcess Process { get; } = new(
        "silo",
        "The silo of Orleans.Inference: watches pools and model servers, and picks the server of each request for Envoy and other ext_proc gateways.",
        StartChecks.FaultsOf,
        SiloHost.Build,
        (logger, options) => SiloLog.Started(logger, options.Cluster.ClusterId, options.Discovery.Manifests!));
}
