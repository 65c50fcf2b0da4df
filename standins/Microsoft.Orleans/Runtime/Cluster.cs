using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>The silos of one cluster, all of them in this process, and where their grains are.</summary>
internal sealed class Cluster
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<GrainId, Activation> _directory = new();
    private readonly ConcurrentDictionary<GrainId, LocalObserver> _observers = new();
    private readonly ConcurrentDictionary<SiloAddress, SiloStatus> _statuses = new();
    private readonly ConcurrentDictionary<string, Node> _members = new();
    private volatile Silo[] _active = [];
    private long _draws;

    /// <summary>The silos that grains may be placed in.</summary>
    public IReadOnlyList<Silo> ActiveSilos => _active;

    public IReadOnlyDictionary<SiloAddress, SiloStatus> Statuses => _statuses;

    public void SetStatus(Silo silo, SiloStatus status)
    {
        lock (_gate)
        {
            _statuses[silo.SiloAddress] = status;
            var others = _active.Where(s => !ReferenceEquals(s, silo));
            _active = status == SiloStatus.Active ? [.. others, silo] : [.. others];
        }
    }

    public void Add(Node member) => _members[member.Name] = member;

    public void Remove(Node member) => _members.TryRemove(new(member.Name, member));

    public void Add(GrainId id, LocalObserver observer) => _observers[id] = observer;

    public void RemoveObserver(GrainId id) => _observers.TryRemove(id, out _);

    public void Remove(Activation activation) => _directory.TryRemove(new(activation.GrainId, activation));

    public Activation? Find(GrainId id) => _directory.GetValueOrDefault(id);

    /// <summary>Takes a call to its target. What is wrong fails the call.</summary>
    public void Route(RequestCall call)
    {
        try
        {
            while (!TargetOf(call).TryEnqueue(call))
            {
            }
        }
        catch (Exception exception)
        {
            call.Fail(exception);
        }
    }

    private ICallTarget TargetOf(RequestCall call)
    {
        var id = call.TargetId;
        if (_directory.TryGetValue(id, out var activation))
        {
            return activation;
        }

        if (Node.IsObserver(id))
        {
            return _observers.TryGetValue(id, out var observer) ? observer : TargetOfLostObserver(id);
        }

        var grainClass = GrainClasses.Named(id.Type) ?? throw new ArgumentException($"There is no grain class for {id}.");
        if (grainClass.MaxLocalWorkers > 0)
        {
            var caller = call.Sender as Silo;
            var silo = caller is not null && _active.Contains(caller) ? caller : Draw(Active());
            return silo.Workers(grainClass, id);
        }

        return Place(grainClass, id, call.Sender);
    }

    // A client that is there does not answer for an object that it deleted; a client that left is known to be gone.
    private DeletedObserver TargetOfLostObserver(GrainId id) =>
        _members.ContainsKey(id.Key.ToString().Split('+')[0])
            ? DeletedObserver.Instance
            : throw new ClientNotAvailableException($"The client of observer {id} has left.");

    private Activation Place(GrainClass grainClass, GrainId id, Node sender)
    {
        lock (_gate)
        {
            if (_directory.TryGetValue(id, out var activation))
            {
                return activation;
            }

            activation = Choose(grainClass.Placement, id, sender).Activate_NeedsClusterLock(grainClass, id);
            _directory[id] = activation;
            return activation;
        }
    }

    /// <summary>Makes an activation that is in no directory, unless the silo is leaving.</summary>
    public Activation? TryActivate(Silo silo, GrainClass grainClass, GrainId id)
    {
        lock (_gate)
        {
            return _active.Contains(silo) ? silo.Activate_NeedsClusterLock(grainClass, id) : null;
        }
    }

    private Silo Choose(PlacementStrategy placement, GrainId id, Node sender)
    {
        var silos = Active();
        switch (placement)
        {
            case PreferLocalPlacement when sender is Silo local && silos.Contains(local):
                return local;
            case HashBasedPlacement:
                return silos.OrderBy(s => s.SiloAddress).ElementAt((int)(id.GetUniformHashCode() % silos.Length));
            case ActivationCountBasedPlacement or ResourceOptimizedPlacement:
                var least = silos.Min(s => s.ActivationCount);
                return Draw([.. silos.Where(s => s.ActivationCount == least)]);
            default:
                return Draw(silos);
        }
    }

    private Silo[] Active()
    {
        var silos = _active;
        return silos.Length > 0
            ? silos
            : throw new SiloUnavailableException("The cluster has no active silo.");
    }

    private Silo Draw(Silo[] silos)
    {
        // A Weyl sequence through a mixer: spreads evenly and needs no shared generator.
        var x = (ulong)Interlocked.Add(ref _draws, unchecked((long)0x9E3779B97F4A7C15));
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return silos[(int)((x >> 32) % (ulong)silos.Length)];
    }
}
