using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>A member of a cluster that sends calls: a silo or a client.</summary>
internal abstract partial class Node(IServiceProvider services, TimeProvider timeProvider, ILogger logger)
{
    private const string ObserverType = "sys.client";

    private readonly ConcurrentDictionary<GrainId, LocalObserver> _observers = new();
    private Cluster? _cluster;
    private ITimer? _expiry;
    private TimeSpan _responseTimeout;

    public IServiceProvider Services { get; } = services;

    public TimeProvider TimeProvider { get; } = timeProvider;

    public ILogger Logger { get; } = logger;

    public abstract string Name { get; }

    public PendingCalls Pending { get; } = new();

    public IIncomingGrainCallFilter[] IncomingFilters { get; private set; } = [];

    public IOutgoingGrainCallFilter[] OutgoingFilters { get; private set; } = [];

    public bool CancelRequestOnTimeout { get; private set; }

    public bool WaitForCancellationAcknowledgement { get; private set; }

    public bool IsAlive { get; private set; }

    /// <exception cref="ObjectDisposedException">It has not joined a cluster, or it has left it.</exception>
    public Cluster Cluster =>
        _cluster ?? throw new ObjectDisposedException(Name, $"{Name} is not connected to a cluster: it has not been started or it has stopped.");

    public Task<TResult> Send<TResult>(GrainCall<TResult> call) =>
        OutgoingFilters.Length == 0 ? SendUnfiltered(call) : new OutgoingCall<TResult>(this, call).RunAsync();

    public Task<TResult> SendUnfiltered<TResult>(GrainCall<TResult> call)
    {
        call.CaptureRequestContext();
        if (!call.Method.IsOneWay)
        {
            var timeout = call.Method.ResponseTimeout ?? _responseTimeout;
            call.Timeout = timeout;
            call.Deadline = TimeProvider.GetTimestamp() + (long)(timeout.TotalSeconds * TimeProvider.TimestampFrequency);
            Pending.Add(call);
            call.ObserveCallerToken();
        }

        if (!TryRoute(call))
        {
            call.Fail(new SiloUnavailableException($"{Name} has not joined a cluster, or has left it: {call} goes nowhere."));
        }

        return call.Response;
    }

    /// <summary>False when this is no member of a cluster.</summary>
    public bool TryRoute(RequestCall call)
    {
        if (!IsAlive || _cluster is not { } cluster)
        {
            return false;
        }

        cluster.Route(call);
        return true;
    }

    public GrainId RegisterObserver(IGrainObserver observer)
    {
        var id = GrainId.Create(ObserverType, $"{Name}+{Guid.NewGuid():N}");
        var local = new LocalObserver(this, id, observer);
        _observers[id] = local;
        Cluster.Add(id, local);
        return id;
    }

    public bool UnregisterObserver(GrainId id)
    {
        if (!_observers.TryRemove(id, out _))
        {
            return false;
        }

        _cluster?.RemoveObserver(id);
        return true;
    }

    public static bool IsObserver(GrainId id) => id.Type.Value.ToString() == ObserverType;

    protected void Join(Cluster cluster, MessagingOptions messaging)
    {
        IncomingFilters = [.. Services.GetServices<IIncomingGrainCallFilter>()];
        OutgoingFilters = [.. Services.GetServices<IOutgoingGrainCallFilter>()];
        CancelRequestOnTimeout = messaging.CancelRequestOnTimeout;
        WaitForCancellationAcknowledgement = messaging.WaitForCancellationAcknowledgement;
        _responseTimeout = messaging.ResponseTimeout;
        _cluster = cluster;
        cluster.Add(this);
        var period = TimeSpan.FromSeconds(Math.Min(1, Math.Max(0.001, messaging.ResponseTimeout.TotalSeconds)));
        _expiry = TimeProvider.CreateTimer(static state => ((Node)state!).Expire(), this, period, period);
        IsAlive = true;
    }

    /// <summary>Leaves the cluster: what it waits for fails, and its observers are gone.</summary>
    protected void Leave()
    {
        IsAlive = false;
        _expiry?.Dispose();
        foreach (var id in _observers.Keys)
        {
            UnregisterObserver(id);
        }

        foreach (var call in Pending.Where(_ => true))
        {
            call.Fail(new SiloUnavailableException($"{Name} is shutting down: it can't wait for the response to {call}."));
        }

        _cluster?.Remove(this);
        _cluster = null;
    }

    private void Expire()
    {
        var now = TimeProvider.GetTimestamp();
        foreach (var call in Pending.Where(c => c.Deadline < now))
        {
            LogTimeout(Logger, call.Timeout, call);
            call.OnTimeout();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Response did not arrive on time in {Timeout} for {Call}.")]
    private static partial void LogTimeout(ILogger logger, TimeSpan timeout, RequestCall call);
}
