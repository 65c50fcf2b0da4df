using System.Collections.Concurrent;

namespace Orleans.Inference.Picking.Sessions;

/// <summary>Which server each session is on, forgotten when it was not used for some time.</summary>
/// <remarks>
/// Safe from any thread. Bounded: clients choose the ids, so beyond <see cref="Limit"/> new sessions are not remembered until others are forgotten. What was forgotten is cleared away by a
/// timer, which ends when nobody holds the object any more, as after a change of the configuration.
/// </remarks>
internal sealed class SessionBindings
{
    /// <summary>Most sessions: about 200 MB with ids of 36 characters.</summary>
    public const int Limit = 1_000_000;

    private readonly ConcurrentDictionary<string, SessionBinding> _sessions = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly TimeSpan _lifetime;
    private readonly int _limit;
    private int _count;

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
    public int Count => Volatile.Read(ref _count);

    /// <summary>The server of a session; null for one that is not known, or forgotten.</summary>
    public string? Find(string session) => _sessions.TryGetValue(session, out var binding) && !IsOver(binding) ? binding.Server : null;

    /// <summary>A session's request goes to a server: binds the session, or notes that it is in use.</summary>
    /// <param name="mayMove">Whether a session that is on another server goes over to this one.</param>
    public void Use(string session, string server, bool mayMove)
    {
        var now = _time.GetTimestamp();
        if (!_sessions.TryGetValue(session, out var binding))
        {
            if (Count < _limit && _sessions.TryAdd(session, new SessionBinding(server, now)))
            {
                Interlocked.Increment(ref _count);
            }
        }
        else if (binding.Server == server)
        {
            binding.UsedAt = now;
        }
        else if (mayMove || IsOver(binding))
        {
            // Another request may have moved it meanwhile: the first to do so counts.
            _sessions.TryUpdate(session, new SessionBinding(server, now), binding);
        }
    }

    private bool IsOver(SessionBinding binding) => _time.GetElapsedTime(binding.UsedAt) > _lifetime;

    private void Sweep()
    {
        foreach (var session in _sessions)
        {
            if (IsOver(session.Value) && _sessions.TryRemove(session))
            {
                Interlocked.Decrement(ref _count);
            }
        }
    }

    /// <summary>The timer's side, which does not keep the sessions alive.</summary>
    private sealed class Sweeper(SessionBindings bindings)
    {
        private readonly WeakReference<SessionBindings> _bindings = new(bindings);
        private ITimer? _timer;

        public void Start(TimeProvider time, TimeSpan interval) => _timer = time.CreateTimer(static sweeper => ((Sweeper)sweeper!).Run(), this, interval, interval);

        private void Run()
        {
            if (_bindings.TryGetTarget(out var live))
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
