using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Silo.Hosting;

/// <summary>What the flags can't tell by themselves: whether files are there and ports are free. All of it is found out before anything starts.</summary>
internal static class StartChecks
{
    /// <summary>What keeps the silo from starting, one line each.</summary>
    public static List<string> FaultsOf(ProcessOptions options)
    {
        var faults = new List<string>();
        switch (options.Discovery.Manifests)
        {
            case null:
                faults.Add("--manifests must name a file or folder: pools can't be read from a Kubernetes API server in this version");
                break;
            case { } path when !File.Exists(path) && !Directory.Exists(path):
                faults.Add($"--manifests: there is no file or folder {path}");
                break;
        }

        var scraping = new ScrapeOptions();
        SiloHost.SetScraping(scraping, options);
        faults.AddRange(scraping.Faults());
        faults.AddRange(PortsOf(options).Select(use => StartFaults.OfPort(use.Flag, use.Port)).OfType<string>());
        faults.AddRange(StartFaults.OfMetrics(options.Operator));
        if (options.CohostGateway)
        {
            faults.AddRange(StartFaults.OfGateway(options.Gateway));
        }

        return faults;
    }

    private static IEnumerable<(string Flag, int Port)> PortsOf(ProcessOptions options) =>
    [
        ("--silo-port", options.Cluster.SiloPort),
        ("--orleans-gateway-port", options.Cluster.OrleansGatewayPort),
        ("--dashboard-port", options.Operator.DashboardPort),
    ];
}
