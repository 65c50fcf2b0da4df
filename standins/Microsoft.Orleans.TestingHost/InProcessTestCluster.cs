using System.Collections.ObjectModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

public sealed class InProcessTestCluster : IDisposable, IAsyncDisposable
{
    private readonly List<InProcessSiloHandle> _silos = [];
    private IHost? _clientHost;
    private int _started;

    internal InProcessTestCluster(InProcessTestClusterOptions options) => Options = options;

    public InProcessTestClusterOptions Options { get; }

    public ReadOnlyCollection<InProcessSiloHandle> Silos => new([.. _silos]);

    public IClusterClient Client =>
        _clientHost?.Services.GetRequiredService<IClusterClient>()
        ?? throw new InvalidOperationException("The client has not been started.");

    public async Task DeployAsync()
    {
        if (_silos.Count > 0)
        {
            throw new InvalidOperationException("Cluster host already deployed.");
        }

        await StartSilosAsync(Options.InitialSilosCount);
        if (Options.InitializeClientOnDeploy)
        {
            await InitializeClientAsync();
        }
    }

    public async Task InitializeClientAsync()
    {
        await StopClusterClientAsync();
        var builder = NewHostBuilder("client");
        foreach (var configure in Options.ClientHostConfigurationDelegates)
        {
            configure(builder);
        }

        builder.UseOrleansClient(client => TestHosts.Configure(client, Options.ClusterId, Options.ServiceId));
        _clientHost = builder.Build();
        await _clientHost.StartAsync();
    }

    public IEnumerable<InProcessSiloHandle> GetActiveSilos() => Silos.Where(s => s.IsActive);

    public InProcessSiloHandle? GetSiloForAddress(SiloAddress siloAddress) =>
        GetActiveSilos().FirstOrDefault(s => s.SiloAddress.Equals(siloAddress));

    public IServiceProvider GetSiloServiceProvider(SiloAddress? silo = null) =>
        (silo is null ? GetActiveSilos().First() : GetSiloForAddress(silo)
            ?? throw new ArgumentException($"No silo at {silo}", nameof(silo))).ServiceProvider;

    /// <summary>Silos of one process know at once that another one came or went.</summary>
    public Task WaitForLivenessToStabilizeAsync(bool didKill = false) => Task.CompletedTask;

    public Task<InProcessSiloHandle> StartAdditionalSiloAsync() => StartSiloAsync();

    public Task<InProcessSiloHandle> StartAdditionalSiloAsync(bool startAdditionalSiloOnNewPort) => StartSiloAsync();

    public async Task<List<InProcessSiloHandle>> StartSilosAsync(int silosToStart)
    {
        var started = new List<InProcessSiloHandle>();
        for (var i = 0; i < silosToStart; i++)
        {
            started.Add(await StartSiloAsync());
        }

        return started;
    }

    public Task StopSiloAsync(InProcessSiloHandle instance) => EndAsync(instance, stopGracefully: true);

    public Task KillSiloAsync(InProcessSiloHandle instance) => EndAsync(instance, stopGracefully: false);

    public async Task StopSilosAsync()
    {
        foreach (var silo in Silos)
        {
            await StopSiloAsync(silo);
        }
    }

    public Task StopClusterClientAsync() => EndClientAsync(CancellationToken.None);

    public Task KillClientAsync() => EndClientAsync(new CancellationToken(canceled: true));

    public async Task StopAllSilosAsync()
    {
        await StopClusterClientAsync();
        await StopSilosAsync();
    }

    public async ValueTask DisposeAsync() => await StopAllSilosAsync();

    public void Dispose() => StopAllSilosAsync().GetAwaiter().GetResult();

    private static HostApplicationBuilder NewHostBuilder(string name) => Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
    {
        ApplicationName = name,
        EnvironmentName = Environments.Development,
        DisableDefaults = true,
    });

    private async Task<InProcessSiloHandle> StartSiloAsync()
    {
        var number = _started++;
        var (siloPort, gatewayPort) = TestPorts.Next();
        var options = new InProcessTestSiloSpecificOptions { SiloName = $"Silo_{number}", SiloPort = siloPort, GatewayPort = gatewayPort };
        var builder = NewHostBuilder(options.SiloName);
        foreach (var configure in Options.SiloHostConfigurationDelegates)
        {
            configure(options, builder);
        }

        builder.UseOrleans(
            silo => TestHosts.Configure(silo, Options.ClusterId, Options.ServiceId, options.SiloName, (options.SiloPort, options.GatewayPort)));
        var handle = await InProcessSiloHandle.StartAsync(builder.Build(), options.SiloName, number);
        _silos.Add(handle);
        return handle;
    }

    private async Task EndAsync(InProcessSiloHandle instance, bool stopGracefully)
    {
        ArgumentNullException.ThrowIfNull(instance);
        await instance.StopSiloAsync(stopGracefully);
        await instance.DisposeAsync();
        _silos.Remove(instance);
    }

    private async Task EndClientAsync(CancellationToken cancellationToken)
    {
        if (_clientHost is not { } host)
        {
            return;
        }

        _clientHost = null;
        await host.StopAsync(cancellationToken);
        host.Dispose();
    }
}
