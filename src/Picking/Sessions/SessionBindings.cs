using System.Collections.Concurrent;

namespace Orleans.Inference.Picking.Sessions;

/// <summary>Which server of each pool a session is on, forgotten when it was not used for some time. A client may use one id with the models of several pools.</summary>
/// <remarks>
/// Safe from any thread. Bounded: clients choose the ids, so beyond <see cref="Limit"/> new sessions are not remembered until others are forgotten. What was forgotten is cleared away by a
/// timer, which ends when nobody holds the object any more, or when another has taken the sessions over, as after a change of the configuration.
/// </remarks>
internal sealed class SessionBindings
{
    /// <summary>Most sessions: about 200 MB with ids of 36 characters.</summary>
    public const int Limit = 1_000_000;

    private readonly TimeProvider _time;
    private readonly TimeSpan _lifetime;
    private readonly int _limit;
    private Table _table = new();
    private volatile bool _isSucceeded;

    /// <param name="lifetime">How long an unused session is remembered.</param>
    /// <param name="sweep">Time between two times that forgotten ones are cleared away.</param>
    public SessionBindings(TimeProvider time, TimeSpan lifetime, TimeSpan sweep, int limit = Limit)
    {
        _time = time;
        _lifetime = lifetime;
        _limit = limit;
        new Sweeper(this).Start(time, sweep);
    }

    /// <summary>Sessions that are kept, forgotten ones that are not cleared away yet included.</summary>
    public int Count => Volatile.Read(ref _table.Count);

    /// <summary>The server of a session; null for one that is not known, or forgotten.</summary>
    public string? Find(string pool, string session) => _table.Sessions.TryGetValue((pool, session), out var binding) && !IsOver(binding) ? binding.Server : null;

    /// <summary>A session's request goes to a server: binds the session, or notes that it is in use.</summary>
    /// <param name="mayMove">Whether a session that is on another server goes over to this one.</param>
    public void Use(string pool, string session, string server, bool mayMove)
    {
        var key = (pool, session);
        var now = _time.GetTimestamp();
        var sessions = _table.Sessions;
        if (!sessions.TryGetValue(key, out var binding))
        {
            if (Count < _limit && sessions.TryAdd(key, new SessionBinding(server, now)))
            {
                Interlocked.Increment(ref _table.Count);
            }
        }
        else if (binding.Server == server)
        {
            binding.UsedAt = now;
        }
        else if (mayMove || IsOver(binding))
        {
            // Another request may have moved it meanwhile: the first to do so counts.
            sessions.TryUpdate(key, new SessionBinding(server, now), binding);
        }
    }

    /// <summary>Goes on with another's sessions, by its own lifetime; both know of what either is told from now on. Before the first use of this one.</summary>
    public void TakeOver(SessionBindings predecessor)
    {
        _table = predecessor._table;
        predecessor._isSucceeded = true;
    }

    private bool IsOver(SessionBinding binding) => _time.GetElapsedTime(binding.UsedAt) > _lifetime;

    private void Sweep()
    {
        foreach (var session in _table.Sessions)
        {
            if (IsOver(session.Value) && _table.Sessions.TryRemove(session))
            {
                Interlocked.Decrement(ref _table.Count);
            }
        }
    }

    private sealed class Table
    {
        public readonly ConcurrentDictionary<(string Pool, string Session), SessionBinding> Sessions = new();
        public int Count;
    }

    /// <summary>The timer's side, which does not keep the sessions alive.</summary>
    private sealed class Sweeper(SessionBindings bindings)
    {
        private readonly WeakReference<SessionBindings> _bindings = new(bindings);
        private ITimer? _timer;

        public void Start(TimeProvider time, TimeSpan interval) => _timer = time.CreateTimer(static sweeper => ((Sweeper)sweeper!).Run(), this, interval, interval);

        private void Run()
        {
            if (_bindings.TryGetTarget(out var live) && !live._isSucceeded)
            {
                live.Sweep();
            }
            else
            {
                _timer?.Dispose();
            }
        }
    }
}
