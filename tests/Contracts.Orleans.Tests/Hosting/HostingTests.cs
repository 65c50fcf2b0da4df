using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Inference.OrleansContracts.Calls;
using Orleans.Inference.OrleansContracts.Clusters;
using Orleans.Inference.OrleansContracts.References;
using Orleans.Inference.OrleansContracts.Support;

namespace Orleans.Inference.OrleansContracts.Hosting;

public sealed class HostingTests
{
    [Fact]
    public async Task UseLocalhostClustering_OneSilo_ServesItsHostsGrainFactoryAndClient()
    {
        var ports = FreePorts.Take(2);
        using var host = Silo(ports[0], ports[1]);
        await host.StartAsync().Within();

        var throughFactory = await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IReferenceGrain>("a").OwnKey().Within();
        var throughClient = await host.Services.GetRequiredService<IClusterClient>().GetGrain<IReferenceGrain>("b").OwnKey().Within();

        Assert.Equal(("a", "b"), (throughFactory, throughClient));
        await host.StopAsync().Within();
    }

    [Fact]
    public async Task LocalSiloDetails_NamedSilo_AreAsConfigured()
    {
        var ports = FreePorts.Take(2);
        using var host = Silo(ports[0], ports[1], silo =>
        {
            silo.Configure<ClusterOptions>(o => o.ClusterId = "contract-cluster");
            silo.Configure<SiloOptions>(o => o.SiloName = "contract-silo");
        });
        await host.StartAsync().Within();

        var details = host.Services.GetRequiredService<ILocalSiloDetails>();

        Assert.Equal("contract-silo", details.Name);
        Assert.Equal("contract-cluster", details.ClusterId);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, ports[0]), details.SiloAddress.Endpoint);
        Assert.Equal(ports[1], details.GatewayAddress.Endpoint.Port);
        await host.StopAsync().Within();
    }

    [Fact]
    public async Task AddStartupTask_SiloStarts_RunsWhenGrainsCanBeCalled()
    {
        var ports = FreePorts.Take(2);
        string? answer = null;
        using var host = Silo(ports[0], ports[1], silo => silo.AddStartupTask(async (services, ct) =>
            answer = await services.GetRequiredService<IGrainFactory>().GetGrain<IReferenceGrain>("startup").OwnKey().WaitAsync(ct)));

        await host.StartAsync().Within();

        Assert.Equal("startup", answer);
        await host.StopAsync().Within();
    }

    [Fact]
    public async Task LifecycleParticipant_SiloStartsAndStops_StagesComeInOrder()
    {
        var ports = FreePorts.Take(2);
        var notes = new LifecycleNotes();
        using var host = Silo(
            ports[0], ports[1], silo => silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(notes));

        await host.StartAsync().Within();
        await host.StopAsync().Within();

        Assert.Equal(["start 10000", "start 20000", "stop 20000", "stop 10000"], notes.Noted);
    }

    [Fact]
    public async Task UseLocalhostClustering_SecondSiloWithThePrimary_FormsOneCluster()
    {
        var ports = FreePorts.Take(4);
        using var first = Silo(ports[0], ports[1]);
        using var second = Silo(ports[2], ports[3], primary: new IPEndPoint(IPAddress.Loopback, ports[0]));
        await first.StartAsync().Within();
        await second.StartAsync().Within();

        var grains = first.Services.GetRequiredService<IGrainFactory>();
        await Bounded.Until(async () =>
        {
            var where = await Task.WhenAll(
                Enumerable.Range(0, 40).Select(_ => grains.GetGrain<IRandomlyPlacedGrain>(Random.Shared.NextInt64()).Where()));
            return where.Distinct().Count() == 2;
        });

        await second.StopAsync().Within();
        await first.StopAsync().Within();
    }

    [Fact]
    public async Task UseOrleansClient_SiloOfTheSameProcess_CallsGrains()
    {
        var ports = FreePorts.Take(2);
        using var silo = Silo(ports[0], ports[1]);
        await silo.StartAsync().Within();
        using var client = Client(ports[1]);
        await client.StartAsync().Within();

        var grains = client.Services.GetRequiredService<IClusterClient>();

        Assert.Equal("c", await grains.GetGrain<IReferenceGrain>("c").OwnKey().Within());
        await client.StopAsync().Within();
        await silo.StopAsync().Within();
    }

    [Fact]
    public async Task UseOrleansClient_NoSilo_RefusesToStart()
    {
        using var client = Client(FreePorts.Take(1)[0]);

        var refusal = await Record.ExceptionAsync(() => client.StartAsync().Within());

        // Either no one answers at that port, or it is known that no one can, and why.
        Assert.NotNull(refusal);
        Assert.True(
            refusal is not OrleansConfigurationException
            || refusal.Message.Contains("official Microsoft.Orleans packages", StringComparison.Ordinal),
            refusal.Message);
    }

    [Fact]
    public async Task UseOrleans_NoClustering_RefusesToStart()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo => silo.Configure<EndpointOptions>(o => o.AdvertisedIPAddress = IPAddress.Loopback));

        var refusal = await Record.ExceptionAsync(async () =>
        {
            using var host = builder.Build();
            await host.StartAsync().Within();
        });

        Assert.True(refusal is OrleansConfigurationException or InvalidOperationException, $"{refusal}");
    }

    [Fact]
    public async Task ResponseTimeout_OfTheOptions_EndsACall()
    {
        var ports = FreePorts.Take(2);
        using var host = Silo(
            ports[0], ports[1], silo => silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(1)));
        await host.StartAsync().Within();
        var grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<ICallGrain>(Key.New());

        await Assert.ThrowsAsync<TimeoutException>(() => grain.WaitAtGate().Within());

        await grain.OpenGate().Within();
        await host.StopAsync().Within();
    }

    [Fact]
    public async Task CallFilters_IncomingAndOutgoing_SeeCallsAndMayChangeResults()
    {
        var ports = FreePorts.Take(2);
        var outgoing = new List<string>();
        using var host = Silo(ports[0], ports[1], silo =>
        {
            silo.AddOutgoingGrainCallFilter(async context =>
            {
                if (context.InterfaceMethod.DeclaringType == typeof(IReferenceGrain))
                {
                    outgoing.Add(context.MethodName);
                }

                await context.Invoke();
            });
            silo.AddIncomingGrainCallFilter(async context =>
            {
                await context.Invoke();
                if (context.Grain is IReferenceGrain)
                {
                    context.Result = $"{context.Result} by way of the filter";
                }
            });
        });
        await host.StartAsync().Within();

        var answer = await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IReferenceGrain>("d").OwnKey().Within();

        Assert.Equal("d by way of the filter", answer);
        Assert.Equal([nameof(IReferenceGrain.OwnKey)], outgoing);
        await host.StopAsync().Within();
    }

    private static IHost Silo(int siloPort, int gatewayPort, Action<ISiloBuilder>? configure = null, IPEndPoint? primary = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort, gatewayPort, primary);
            configure?.Invoke(silo);
        });
        return builder.Build();
    }

    private static IHost Client(int gatewayPort)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client => client.UseLocalhostClustering(gatewayPort));
        return builder.Build();
    }
}
