using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>A member of the cluster that hosts grains.</summary>
internal sealed partial class Silo : Node, ILocalSiloDetails
{
    private readonly ConcurrentDictionary<Activation, bool> _activations = new();
    private readonly ConcurrentDictionary<GrainId, StatelessWorkers> _workers = new();
    private readonly SiloLifecycle _lifecycle;
    private readonly SiloClustering _clustering;
    private readonly EndpointOptions _endpoints;
    private readonly SiloMessagingOptions _messaging;
    private readonly GrainCollectionOptions _collection;
    private Cluster? _joined;
    private ITimer? _collector;
    private PortReservation? _ports;

    public Silo(
        IServiceProvider services,
        TimeProvider timeProvider,
        ILoggerFactory loggers,
        SiloLifecycle lifecycle,
        SiloClustering clustering,
        SiloOptionsSet options)
        : base(services, timeProvider, loggers.CreateLogger("Orleans.Runtime.Silo"))
    {
        _lifecycle = lifecycle;
        _clustering = clustering;
        _endpoints = options.Endpoints;
        _messaging = options.Messaging;
        _collection = options.Collection;
        ClusterId = options.Cluster.ClusterId;
        SiloAddress = SiloAddress.New(_endpoints.AdvertisedIPAddress, _endpoints.SiloPort, Generations.Next(timeProvider));
        GatewayAddress = SiloAddress.New(_endpoints.AdvertisedIPAddress, _endpoints.GatewayPort, SiloAddress.Generation);
        Name = options.Name.Length > 0 ? options.Name : $"Silo_{SiloAddress.Endpoint.Port}_{SiloAddress.Generation:X}";
        lifecycle.Subscribe("Activations", ServiceLifecycleStage.BecomeActive, BecomeActiveAsync, DeactivateAllAsync);
    }

    public override string Name { get; }

    public string ClusterId { get; }

    public string DnsHostName { get; } = Dns.GetHostName();

    public SiloAddress SiloAddress { get; }

    public SiloAddress GatewayAddress { get; }

    public int ActivationCount => _activations.Count;

    public IEnumerable<Activation> Activations => _activations.Keys;

    public int MaxForwardCount => _messaging.MaxForwardCount;

    public TimeSpan ActivationTimeout => _collection.ActivationTimeout;

    public TimeSpan DeactivationTimeout => _collection.DeactivationTimeout;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _ports = _clustering.ReservesPorts ? PortReservation.Take(_endpoints) : null;
        try
        {
            _joined = _clustering.Join(SiloAddress, ClusterId);
            _joined.SetStatus(this, SiloStatus.Joining);
            Join(_joined, _messaging);
            foreach (var participant in Services.GetServices<ILifecycleParticipant<ISiloLifecycle>>())
            {
                participant.Participate(_lifecycle);
            }

            await _lifecycle.StartAsync(cancellationToken);
        }
        catch
        {
            Die();
            throw;
        }

        LogStarted(Logger, Name, SiloAddress);
    }

    /// <summary>Stops gracefully: its grains deactivate and go on elsewhere. A token that is cancelled cuts that short.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_joined is null)
        {
            return;
        }

        try
        {
            _joined.SetStatus(this, SiloStatus.ShuttingDown);
            if (!cancellationToken.IsCancellationRequested)
            {
                await _lifecycle.StopAsync(cancellationToken);
            }
        }
        catch (AggregateException exception)
        {
            LogStopFailed(Logger, exception, Name);
        }
        finally
        {
            Die();
        }

        LogStopped(Logger, Name, SiloAddress);
    }

    public Activation? TryActivate(GrainClass grainClass, GrainId id) => Cluster.TryActivate(this, grainClass, id);

    public Activation Activate_NeedsClusterLock(GrainClass grainClass, GrainId id)
    {
        var activation = new Activation(this, grainClass, id);
        _activations[activation] = true;
        return activation;
    }

    public StatelessWorkers Workers(GrainClass grainClass, GrainId id) =>
        _workers.TryGetValue(id, out var workers) ? workers : _workers.GetOrAdd(id, key => new(this, grainClass, key));

    public void Remove(Activation activation)
    {
        _joined?.Remove(activation);
        _activations.TryRemove(activation, out _);
    }

    public void CollectIdle(TimeSpan? ageLimit)
    {
        foreach (var activation in Activations)
        {
            var byClass = _collection.ClassSpecificCollectionAge.TryGetValue(activation.Class.Type.FullName!, out var age)
                ? age
                : _collection.CollectionAge;
            activation.CollectIfIdle(ageLimit ?? byClass);
        }
    }

    private Task BecomeActiveAsync(CancellationToken cancellationToken)
    {
        _joined!.SetStatus(this, SiloStatus.Active);
        if (_endpoints.GatewayPort != 0)
        {
            Clusters.AddGateway(GatewayAddress.Endpoint, _joined);
        }

        _collector = TimeProvider.CreateTimer(
            static state => ((Silo)state!).CollectIdle(null), this, _collection.CollectionQuantum, _collection.CollectionQuantum);
        return Task.CompletedTask;
    }

    private async Task DeactivateAllAsync(CancellationToken cancellationToken)
    {
        _collector?.Dispose();
        Activation[] all = [.. Activations];
        foreach (var activation in all)
        {
            activation.Deactivate(new(DeactivationReasonCode.ShuttingDown, "This process is terminating."), cancellationToken);
        }

        try
        {
            await Task.WhenAll(all.Select(a => a.Deactivated)).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            LogStopCutShort(Logger, Name, ActivationCount);
        }
    }

    private void Die()
    {
        _collector?.Dispose();
        if (_joined is { } cluster)
        {
            cluster.SetStatus(this, SiloStatus.Dead);
            Clusters.RemoveGateway(GatewayAddress.Endpoint);
            foreach (var activation in Activations)
            {
                activation.Abort(new SiloUnavailableException($"The target silo became unavailable: {SiloAddress}."));
            }

            Leave();
            _clustering.Leave(cluster);
        }

        _ports?.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Name} started at {Address}.")]
    private static partial void LogStarted(ILogger logger, string name, SiloAddress address);

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Name} at {Address} stopped.")]
    private static partial void LogStopped(ILogger logger, string name, SiloAddress address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Name} stops with {Count} grains still active.")]
    private static partial void LogStopCutShort(ILogger logger, string name, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Stopping silo {Name} failed.")]
    private static partial void LogStopFailed(ILogger logger, Exception exception, string name);
}
