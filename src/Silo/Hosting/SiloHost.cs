using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Operators;
using Orleans.Inference.ExtProcGateway.Telemetry;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Grains.Hosting;
using Orleans.Inference.Grains.Scraping;
using Orleans.Inference.Grains.Scraping.Plugins;
using Orleans.Inference.Silo.Discovery;
using Orleans.Inference.Silo.Discovery.Manifests;
using Orleans.Inference.Silo.Status;

namespace Orleans.Inference.Silo.Hosting;

/// <summary>Puts the silo together.</summary>
internal sealed class SiloHost
{
    private SiloHost()
    {
    }

    /// <summary>A host ready to start. Its services start in the order below and stop in the reverse one: the front-end first, Orleans last.</summary>
    public static IHost Build(ProcessOptions options)
    {
        // Flags say everything: no settings files, no variables.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "Orleans.Inference.Silo" });
        builder.Logging.AddOperatorConsole(options.Operator);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddMetrics();

        // 1. The cluster.
        builder.UseOrleans(silo => silo.UseLocalhostClustering(
            options.Cluster.SiloPort,
            options.Cluster.OrleansGatewayPort,
            primarySiloEndpoint: null,
            options.Cluster.ServiceId,
            options.Cluster.ClusterId));
        builder.Services.AddInferenceGrains(scraping: scraping => SetScraping(scraping, options));

        // 2. What operators look at: it is there first and goes last.
        builder.Services.AddMetricsPage(options);
        if (options.Operator.DashboardPort != 0)
        {
            builder.Services.AddHostedService(provider => new StatusServer(
                options.Operator.DashboardPort,
                new PoolsReporter(provider.GetRequiredService<PoolRegistry>(), provider.GetRequiredService<TimeProvider>()),
                provider.GetRequiredService<ILoggerFactory>()));
        }

        // 3. Discovery.
        AddDiscovery(builder.Services, options);

        // 4. The front-end, or for the status page alone, its view.
        if (options.CohostGateway)
        {
            builder.Services.AddExtProcGateway(options.Gateway);
        }
        else if (options.Operator.DashboardPort != 0)
        {
            builder.Services.AddPoolViews(options.Gateway);
        }

        return builder.Build();
    }

    /// <summary>How model servers are scraped: by the flags, and by the configuration where that says something else.</summary>
    internal static void SetScraping(ScrapeOptions scraping, ProcessOptions options)
    {
        scraping.Interval = options.RefreshMetricsInterval;
        scraping.Https = options.ModelServerMetricsHttps;
        scraping.Tls = new() { InsecureSkipVerify = options.ModelServerMetricsInsecureSkipVerify };
        scraping.Path = options.ModelServerMetricsPath;
        scraping.Port = options.ModelServerMetricsPort;
        scraping.FilteredScrape = options.FilteredScrape ? FilteredScrapeMode.Auto : FilteredScrapeMode.Never;
        scraping.Apply(options.Gateway.Configuration);
    }

    private static void AddDiscovery(IServiceCollection services, ProcessOptions options)
    {
        var path = options.Discovery.Manifests!;
        services.AddSingleton<MembershipPublisher>();
        services.AddHostedService(provider => provider.GetRequiredService<MembershipPublisher>());
        services.AddHostedService(provider => new ManifestWatcher(
            path,
            new(path, options.Gateway.PoolNamespace, provider.GetRequiredService<TimeProvider>()),
            MembershipScope.Of(options),
            provider.GetRequiredService<MembershipPublisher>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ManifestWatcher>>()));
    }
}
