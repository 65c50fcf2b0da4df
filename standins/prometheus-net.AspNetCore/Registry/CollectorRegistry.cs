using System.Collections.Concurrent;
using System.Diagnostics;

namespace Prometheus;

/// <summary>A set of metrics that make one page.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class CollectorRegistry : ICollectorRegistry
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Collector>> _families = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Action> _beforeCollect = new();
    private readonly ConcurrentQueue<Func<CancellationToken, Task>> _beforeCollectAsync = new();
    private Action? _beforeFirstCollect;
    private bool _collected;

    internal CollectorRegistry()
    {
    }

    /// <summary>Whether an adapter with default options listens for this registry already.</summary>
    internal bool HasDefaultMeterAdapter { get; set; }

    /// <summary>Runs before every page is written.</summary>
    public void AddBeforeCollectCallback(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _beforeCollect.Enqueue(callback);
    }

    /// <summary>Runs before every page is written.</summary>
    public void AddBeforeCollectCallback(Func<CancellationToken, Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _beforeCollectAsync.Enqueue(callback);
    }

    /// <summary>Writes the page in Prometheus' text format.</summary>
    public Task CollectAndExportAsTextAsync(Stream to, CancellationToken cancel = default)
        => CollectAndExportAsTextAsync(to, ExpositionFormat.PrometheusText, cancel);

    /// <summary>Writes the page.</summary>
    public async Task CollectAndExportAsTextAsync(Stream to, ExpositionFormat format, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        var page = await CollectAsync(format, cancel).ConfigureAwait(false);
        await to.WriteAsync(page, cancel).ConfigureAwait(false);
        await to.FlushAsync(cancel).ConfigureAwait(false);
    }

    internal async Task<byte[]> CollectAsync(ExpositionFormat format, CancellationToken cancel)
    {
        TakeBeforeFirstCollect()?.Invoke();
        foreach (var callback in _beforeCollect)
        {
            Guard(callback);
        }

        await Task.WhenAll(_beforeCollectAsync.Select(callback => GuardAsync(callback, cancel))).ConfigureAwait(false);
        Collector[][] families;
        lock (_lock)
        {
            families = [.. _families.Values.Select(family => family.ToArray())];
        }

        var page = new PageWriter(format);
        foreach (var family in families)
        {
            page.WriteFamily(family[0].Name, family[0].Help, family[0].Type);
            foreach (var collector in family)
            {
                collector.Write(page);
            }
        }

        return page.Finish();
    }

    /// <summary>Replaces what runs once, before the first page; without effect after that.</summary>
    internal void SetBeforeFirstCollect(Action callback)
    {
        lock (_lock)
        {
            _beforeFirstCollect = _collected ? null : callback;
        }
    }

    /// <summary>The metric of that name and these label names; made when there is none.</summary>
    /// <exception cref="InvalidOperationException">The name belongs to a metric of another type.</exception>
    internal TCollector GetOrAdd<TCollector>(string name, string[] labelNames, Func<TCollector> create)
        where TCollector : Collector
    {
        lock (_lock)
        {
            if (!_families.TryGetValue(name, out var family))
            {
                var first = create();
                _families.Add(name, [first]);
                return first;
            }

            if (family[0] is not TCollector)
            {
                throw new InvalidOperationException("Collector of a different type with the same name is already registered.");
            }

            if (family.Find(collector => collector.LabelNames.AsSpan().SequenceEqual(labelNames)) is TCollector existing)
            {
                return existing;
            }

            var added = create();
            family.Add(added);
            return added;
        }
    }

    /// <summary>A callback that fails costs its own figures, not the page.</summary>
    private static void Guard(Action callback)
    {
        try
        {
            callback();
        }
        catch (Exception exception)
        {
            Trace.WriteLine($"Metrics before-collect callback failed: {exception}");
        }
    }

    private static async Task GuardAsync(Func<CancellationToken, Task> callback, CancellationToken cancel)
    {
        try
        {
            await callback(cancel).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Trace.WriteLine($"Metrics before-collect callback failed: {exception}");
        }
    }

    private Action? TakeBeforeFirstCollect()
    {
        lock (_lock)
        {
            _collected = true;
            var callback = _beforeFirstCollect;
            _beforeFirstCollect = null;
            return callback;
        }
    }
}
