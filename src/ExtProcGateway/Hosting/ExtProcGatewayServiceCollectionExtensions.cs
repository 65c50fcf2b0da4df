using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.ExtProcGateway.Decisions;
using Orleans.Inference.ExtProcGateway.Edge;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Health;
using Orleans.Inference.ExtProcGateway.KvEvents;
using Orleans.Inference.ExtProcGateway.Operators;
using Orleans.Inference.ExtProcGateway.Protocol;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.Telemetry;
using Orleans.Inference.ExtProcGateway.Tracing;
using Orleans.Inference.ExtProcGateway.View;

namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>Registers the ext_proc front-end.</summary>
public static class ExtProcGatewayServiceCollectionExtensions
{
    /// <summary>
    /// Adds the front-end: views of pools, the decision, the ext_proc ports. Needs an <see cref="IGrainFactory"/>: a silo's, or an Orleans
    /// client's. The ports open with the host and drain when it stops.
    /// </summary>
    public static IServiceCollection AddExtProcGateway(this IServiceCollection services, GatewayOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.AddMetrics();
        services.AddPoolViews(options);
        services.AddSingleton<Director>();
        services.AddSingleton<ModelNames>();
        services.AddSingleton<ServingConfigurationFactory>();
        services.AddSingleton(provider => new ActiveConfiguration(provider.GetRequiredService<ServingConfigurationFactory>().Create(
            options.Configuration ?? ConfigurationSource.LoadDefault(options, provider.GetRequiredService<TimeProvider>()))));
        services.AddSingleton<PluginStates>();
        services.AddHostedService<ConfigurationWatcher>();
        services.AddHostedService<KvEventService>();
        services.AddSingleton<GatewayMetrics>();
        services.AddPickerMetrics();
        services.AddRequestTracing(options.Tracing, new ConfigurationBuilder().AddEnvironmentVariables().Build());
        services.AddSingleton<OpenCalls>();
        services.AddSingleton<HeldBytes>();
        services.AddSingleton<ExtProcServices>();
        services.AddSingleton<ExtProcService>();
        services.AddSingleton<Readiness>();
        services.AddSingleton(new ReadinessHealth(options.LeaderElection));
        services.AddSingleton(provider => new HealthServer(options, provider.GetRequiredService<ReadinessHealth>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<HealthService>();
        services.AddHostedService(provider => provider.GetRequiredService<HealthService>());
        services.AddSingleton(provider => new ExtProcEdge(
            options,
            provider.GetRequiredService<ExtProcService>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<ReadinessHealth>(),
            calls: provider.GetRequiredService<OpenCalls>(),
            held: provider.GetRequiredService<HeldBytes>()));
        services.AddSingleton<DrainWait>();
        services.AddHostedService<ExtProcEdgeService>();

        // The host must wait for the drain, and a moment longer for what comes after it.
        services.PostConfigure<HostOptions>(host => host.ShutdownTimeout = Max(host.ShutdownTimeout, options.DrainTimeout + TimeSpan.FromSeconds(10)));
        return services;
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
