using System.Collections.ObjectModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

public class TestCluster : IDisposable, IAsyncDisposable
{
    private readonly IConfiguration _configuration;
    private readonly List<SiloHandle> _secondaries = [];
    private IHost? _clientHost;
    private int _started;

    internal TestCluster(TestClusterOptions options, IConfiguration configuration)
    {
        Options = options;
        _configuration = configuration;
    }

    public TestClusterOptions Options { get; }

    public SiloHandle? Primary { get; private set; }

    public IReadOnlyList<SiloHandle> SecondarySilos => [.. _secondaries];

    public ReadOnlyCollection<SiloHandle> Silos => new([.. Primary is null ? [] : new[] { Primary }, .. _secondaries]);

    public IClusterClient Client =>
        _clientHost?.Services.GetRequiredService<IClusterClient>()
        ?? throw new InvalidOperationException("The client has not been started.");

    public IGrainFactory GrainFactory => Client;

    public IServiceProvider ServiceProvider => Client.ServiceProvider;

    public void Deploy() => DeployAsync().GetAwaiter().GetResult();

    public async Task DeployAsync()
    {
        if (Primary is not null || _secondaries.Count > 0)
        {
            throw new InvalidOperationException("Cluster host already deployed.");
        }

        for (var i = 0; i < Options.InitialSilosCount; i++)
        {
            await StartSiloAsync();
        }

        if (Options.InitializeClientOnDeploy)
        {
            await InitializeClientAsync();
        }
    }

    public async Task InitializeClientAsync()
    {
        await StopClusterClientAsync();
        var builder = NewHostBuilder();
        builder.UseOrleansClient(client => TestHosts.Configure(client, Options.ClusterId, Options.ServiceId));
        foreach (var configurator in Options.ClientBuilderConfiguratorTypes.Select(TestHosts.Create))
        {
            (configurator as IHostConfigurator)?.Configure(builder);
            if (configurator is IClientBuilderConfigurator ofClient)
            {
                builder.UseOrleansClient((context, client) => ofClient.Configure(context.Configuration, client));
            }
        }

        _clientHost = builder.Build();
        await _clientHost.StartAsync();
    }

    public IEnumerable<SiloHandle> GetActiveSilos() => Silos.Where(s => s.IsActive);

    public SiloHandle? GetSiloForAddress(SiloAddress siloAddress) => GetActiveSilos().FirstOrDefault(s => s.SiloAddress.Equals(siloAddress));

    public IServiceProvider GetSiloServiceProvider(SiloAddress? silo = null)
    {
        var handle = silo is null ? Primary ?? GetActiveSilos().First() : GetSiloForAddress(silo);
        return ((InProcessSiloHandle)(handle ?? throw new ArgumentException($"No silo at {silo}", nameof(silo)))).ServiceProvider;
    }

    /// <summary>Silos of one process know at once that another one came or went.</summary>
    public Task WaitForLivenessToStabilizeAsync(bool didKill = false) => Task.CompletedTask;

    public SiloHandle StartAdditionalSilo(bool startAdditionalSiloOnNewPort = false) =>
        StartAdditionalSiloAsync(startAdditionalSiloOnNewPort).GetAwaiter().GetResult();

    public Task<SiloHandle> StartAdditionalSiloAsync(bool startAdditionalSiloOnNewPort = false) => StartSiloAsync();

    public async Task<List<SiloHandle>> StartAdditionalSilosAsync(int silosToStart, bool startAdditionalSiloOnNewPort = false)
    {
        var started = new List<SiloHandle>();
        for (var i = 0; i < silosToStart; i++)
        {
            started.Add(await StartSiloAsync());
        }

        return started;
    }

    public Task StopSiloAsync(SiloHandle instance) => EndAsync(instance, stopGracefully: true);

    public Task KillSiloAsync(SiloHandle instance) => EndAsync(instance, stopGracefully: false);

    public async Task<SiloHandle?> RestartSiloAsync(SiloHandle instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        await StopSiloAsync(instance);
        return await StartSiloAsync();
    }

    public async Task StopSecondarySilosAsync()
    {
        foreach (var silo in SecondarySilos)
        {
            await StopSiloAsync(silo);
        }
    }

    public Task StopPrimarySiloAsync() => Primary is { } primary ? StopSiloAsync(primary) : Task.CompletedTask;

    public Task StopClusterClientAsync() => EndClientAsync(CancellationToken.None);

    public Task KillClientAsync() => EndClientAsync(new CancellationToken(canceled: true));

    public void StopAllSilos() => StopAllSilosAsync().GetAwaiter().GetResult();

    public async Task StopAllSilosAsync()
    {
        await StopClusterClientAsync();
        await StopSecondarySilosAsync();
        await StopPrimarySiloAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAllSilosAsync();
        GC.SuppressFinalize(this);
    }

    public void Dispose()
    {
        StopAllSilos();
        GC.SuppressFinalize(this);
    }

    private HostBuilder NewHostBuilder()
    {
        var builder = new HostBuilder();
        builder.UseEnvironment(Environments.Development);
        builder.ConfigureHostConfiguration(c => c.AddConfiguration(_configuration));
        return builder;
    }

    private async Task<SiloHandle> StartSiloAsync()
    {
        var number = _started++;
        var name = number == 0 ? "Primary" : $"Secondary_{number}";
        var builder = NewHostBuilder();
        builder.UseOrleans(silo => TestHosts.Configure(silo, Options.ClusterId, Options.ServiceId, name, TestPorts.Next()));
        foreach (var configurator in Options.SiloBuilderConfiguratorTypes.Select(TestHosts.Create))
        {
            (configurator as IHostConfigurator)?.Configure(builder);
            if (configurator is ISiloConfigurator ofSilo)
            {
                builder.UseOrleans(ofSilo.Configure);
            }
        }

        var handle = await InProcessSiloHandle.StartAsync(builder.Build(), name, number);
        handle.ClusterOptions = Options;
        if (Primary is null)
        {
            Primary = handle;
        }
        else
        {
            _secondaries.Add(handle);
        }

        return handle;
    }

    private async Task EndAsync(SiloHandle instance, bool stopGracefully)
    {
        ArgumentNullException.ThrowIfNull(instance);
        await instance.StopSiloAsync(stopGracefully);
        await instance.DisposeAsync();
        if (Primary == instance)
        {
            Primary = null;
        }
        else
        {
            _secondaries.Remove(instance);
        }
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
