using System.Collections.Concurrent;
using Orleans.Inference.Picking.Timing;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>How long the plugins take, measured for some requests only.</summary>
/// <remarks>
/// Two readings of the clock around each plugin cost about 50 ns, more than a scorer takes for ten servers; over one request in <see cref="Every"/> that is
/// nothing, and quantiles and means stay what they are. Counts of this metric are therefore not counts of requests. Safe from any thread.
/// </remarks>
internal sealed class PluginDurations(HistogramFamily family) : IPluginTimes
{
    /// <summary>One request in this many is measured.</summary>
    public const int Every = 64;

    private readonly ConcurrentDictionary<(string Point, string Type, string Name), ProcessHistogram> _series = new();
    private int _requests;

    /// <summary>For the next request's <see cref="Picking.InferenceRequest.PluginTimes"/>: this for the first one and each <see cref="Every"/>th after it, else null.</summary>
    public IPluginTimes? OfNextRequest() => ((uint)Interlocked.Increment(ref _requests) - 1) % Every == 0 ? this : null;

    /// <inheritdoc/>
    public void Took(string extensionPoint, string type, string name, TimeSpan time)
    {
        var key = (extensionPoint, type, name);
        if (!_series.TryGetValue(key, out var series))
        {
            series = _series.GetOrAdd(key, key => new ProcessHistogram(family, key.Point, key.Type, key.Name));
        }

        series.Observe(time.TotalSeconds);
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
