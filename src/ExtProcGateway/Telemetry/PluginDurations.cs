using System.Collections.Concurrent;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>How long the plugins take, measured for some requests only.</summary>
/// <remarks>
/// Two readings of the clock around each plugin cost about 50 ns, more than a scorer takes for ten servers; over one request in <see cref="Every"/> that is
/// nothing, and quantiles and means stay what they are. Counts of this metric are therefore not counts of requests. Safe from any thread.
/// </remarks>
internal sealed class PluginDurations(HistogramFamily family)
{
    /// <summary>One request in this many is measured.</summary>
    public const int Every = 64;

    private readonly ConcurrentDictionary<(string Point, string Type, string Name), ProcessHistogram> _series = new();
    private int _requests;

    /// <summary>True for a request whose plugins are to be measured: the first, and each <see cref="Every"/>th after it.</summary>
    public bool IsDue() => ((uint)Interlocked.Increment(ref _requests) - 1) % Every == 0;

    /// <summary>A plugin took this many seconds for a request that was due.</summary>
    /// <param name="extensionPoint">As the reference picker names it: <c>Filter</c>, <c>Scorer</c>, <c>Picker</c>, …</param>
    /// <param name="type">The plugin's registered type.</param>
    /// <param name="name">Its name in the configuration; its type where it has none.</param>
    public void Observe(string extensionPoint, string type, string name, double seconds)
    {
        var key = (extensionPoint, type, name);
        if (!_series.TryGetValue(key, out var series))
        {
            series = _series.GetOrAdd(key, key => new ProcessHistogram(family, key.Point, key.Type, key.Name));
        }

        series.Observe(seconds);
    }

    /// <summary>Moves what was added up to the page's metrics.</summary>
    public void Flush()
    {
        foreach (var (_, series) in _series)
        {
            series.Flush();
        }
    }
}
