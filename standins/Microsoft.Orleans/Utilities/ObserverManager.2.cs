using System.Collections;
using Microsoft.Extensions.Logging;

namespace Orleans.Utilities;

/// <summary>
/// Observers that must subscribe again and again: one that has not for <see cref="ExpirationDuration"/>, or that failed when it was
/// notified, is forgotten. Not safe for threads: it belongs to one grain.
/// </summary>
public partial class ObserverManager<TIdentity, TObserver> : IEnumerable<TObserver>
    where TIdentity : notnull
{
    private readonly Dictionary<TIdentity, Entry> _entries = [];
    private readonly ILogger _log;

    public ObserverManager(TimeSpan expiration, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(log);
        ExpirationDuration = expiration;
        _log = log;
    }

    public Func<DateTime> GetDateTime { get; set; } = () => TimeProvider.System.GetUtcNow().UtcDateTime;

    public TimeSpan ExpirationDuration { get; set; }

    public int Count => _entries.Count;

    public IReadOnlyDictionary<TIdentity, TObserver> Observers => _entries.ToDictionary(e => e.Key, e => e.Value.Observer);

    public void Clear() => _entries.Clear();

    public void Subscribe(TIdentity id, TObserver observer)
    {
        _entries[id] = new Entry(observer, GetDateTime());
        LogSubscribed(id, _entries.Count);
    }

    public void Unsubscribe(TIdentity id)
    {
        _entries.Remove(id);
        LogUnsubscribed(id, _entries.Count);
    }

    public async Task Notify(Func<TObserver, Task> notification, Func<TObserver, bool>? predicate = null)
    {
        // A snapshot: the set may change while a notification is awaited.
        foreach (var (id, entry) in _entries.ToArray())
        {
            if (!IsDue(id, entry, predicate))
            {
                continue;
            }

            try
            {
                await notification(entry.Observer);
            }
            catch (Exception exception)
            {
                Drop(id, entry, exception);
            }
        }
    }

    public void Notify(Action<TObserver> notification, Func<TObserver, bool>? predicate = null)
    {
        foreach (var (id, entry) in _entries.ToArray())
        {
            if (!IsDue(id, entry, predicate))
            {
                continue;
            }

            try
            {
                notification(entry.Observer);
            }
            catch (Exception exception)
            {
                Drop(id, entry, exception);
            }
        }
    }

    public void ClearExpired()
    {
        foreach (var (id, entry) in _entries.ToArray())
        {
            IsDue(id, entry, null);
        }
    }

    public IEnumerator<TObserver> GetEnumerator() => _entries.Values.Select(e => e.Observer).ToList().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool IsDue(TIdentity id, Entry entry, Func<TObserver, bool>? predicate)
    {
        if (entry.LastSeen + ExpirationDuration < GetDateTime())
        {
            Drop(id, entry, null);
            return false;
        }

        return predicate is null || predicate(entry.Observer);
    }

    private void Drop(TIdentity id, Entry entry, Exception? reason)
    {
        // Subscribed anew in the meantime: another entry, which stays.
        if (_entries.TryGetValue(id, out var current) && ReferenceEquals(current, entry))
        {
            _entries.Remove(id);
            LogDropped(reason, id, _entries.Count);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Observer {Id} subscribed; {Count} observers.")]
    private partial void LogSubscribed(TIdentity id, int count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Observer {Id} unsubscribed; {Count} observers.")]
    private partial void LogUnsubscribed(TIdentity id, int count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Observer {Id} expired or failed and was dropped; {Count} observers.")]
    private partial void LogDropped(Exception? exception, TIdentity id, int count);

    private sealed class Entry(TObserver observer, DateTime lastSeen)
    {
        public TObserver Observer { get; } = observer;

        public DateTime LastSeen { get; } = lastSeen;
    }
}
