using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Hosting;
using Orleans.TestingHost;

namespace Orleans.Inference.ExtProcGateway.Tests.View;

/// <summary>Silos with the product's grains, a discovery that repeats itself as the real one does, and gateways' views.</summary>
internal sealed class InferenceCluster : IAsyncDisposable
{
    private readonly List<PoolViewSubscriber> _gateways = [];
    private readonly CancellationTokenSource _stop = new();
    private ImmutableArray<PoolMembership> _published = [];
    private Task _publishing = Task.CompletedTask;

    private InferenceCluster(InProcessTestCluster cluster)
    {
        Cluster = cluster;
    }

    public InProcessTestCluster Cluster { get; }

    public static async Task<InferenceCluster> StartAsync(short silos)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddInferenceGrains();
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                membership.NumMissedProbesLimit = 2;
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(2);
            });
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        var started = new InferenceCluster(cluster);
        started._publishing = started.PublishRepeatedlyAsync();
        return started;
    }

    /// <summary>What discovery says from now on.</summary>
    public void Publish(params PoolMembership[] pools) => ImmutableInterlocked.InterlockedExchange(ref _published, [.. pools]);

    public static PoolMembership Pool(string name, params IEnumerable<StubModelServer> servers) =>
        PoolMembership.Create(
            new PoolSpec { Namespace = "ns", Name = name, TargetPorts = [8000], EndpointPicker = new EndpointPickerRef("epp", 9002) },
            [.. servers.Select(server => server.Spec)]);

    /// <summary>A gateway in the silo's process, or as a client of the cluster.</summary>
    public async Task<PoolRegistry> StartGatewayAsync(bool coHosted)
    {
        IGrainFactory grains = coHosted ? Cluster.Silos[0].ServiceProvider.GetRequiredService<IGrainFactory>() : Cluster.Client;
        var registry = new PoolRegistry(new ExtProcGateway.Hosting.GatewayOptions(), TimeProvider.System);
        var gateway = new PoolViewSubscriber(grains, registry, TimeProvider.System, NullLogger<PoolViewSubscriber>.Instance);
        await gateway.StartAsync(default);
        _gateways.Add(gateway);
        return registry;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _publishing;
        foreach (var gateway in _gateways)
        {
            await gateway.StopAsync(default);
            gateway.Dispose();
        }

        await Cluster.DisposeAsync();
        _stop.Dispose();
    }

    private async Task PublishRepeatedlyAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await PublishOnceAsync().WaitAsync(_stop.Token);
            }
            catch (Exception) when (_stop.IsCancellationRequested || Cluster.Silos.Any(silo => !silo.IsActive))
            {
                // Stopped; or a silo is dying, which fails calls in many ways, and the next round tells another.
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException)
            {
                // A silo is coming up or going down, and the next round tells another.
            }

            await timer.WaitForNextTickAsync(_stop.Token).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task PublishOnceAsync()
    {
        var pools = _published;
        await Cluster.Client.GetGrain<IPoolDirectoryGrain>(GrainKeys.Directory).SetPools([.. pools.Select(pool => pool.Spec)]);
        foreach (var membership in pools)
        {
            var pool = Cluster.Client.GetGrain<IPoolGrain>(membership.Spec.Key);
            if (!await pool.ConfirmMembership(membership.Revision))
            {
                await pool.SetMembership(membership);
            }
        }
    }
}
