using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Simulator.ModelServer;

/// <summary>
/// The history behind <c>vllm:lora_requests_info</c>: one series for each pair of running and waiting adapter lists that ever was, whose value is
/// the time at which it last held. Only the one with the greatest value is current; vLLM never removes the others.
/// </summary>
/// <remarks>Used within the lock of the <see cref="EngineDriver"/>.</remarks>
internal sealed class LoraGauge(TimeProvider time)
{
    // vLLM keeps them all; this many keep a long-running simulator's page in bounds.
    private const int MostSeries = 64;

    // A double near 2e9 tells 0.24 µs apart.
    private const double Tick = 1e-6;

    private readonly Dictionary<(string Running, string Waiting), double> _series = [];
    private readonly List<(string Running, string Waiting, double Value)> _snapshot = [];
    private double _last;

    /// <summary>Series and their values. Valid within the lock.</summary>
    public IReadOnlyList<(string Running, string Waiting, double Value)> Series
    {
        get
        {
            _snapshot.Clear();
            foreach (var (key, value) in _series)
            {
                _snapshot.Add((key.Running, key.Waiting, value));
            }

            return _snapshot;
        }
    }

    public void Update(BatchEngine engine)
    {
        var key = (string.Join(',', engine.RunningAdapters), string.Join(',', engine.WaitingAdapters));

        // As in vLLM, which sets it after each step, there is nothing before the first request.
        if (_series.Count == 0 && key is ("", ""))
        {
            return;
        }

        if (_series.Count == MostSeries && !_series.ContainsKey(key))
        {
            _series.Remove(_series.MinBy(s => s.Value).Key);
        }

        // Steps that are caught up with together follow each other all the same: no two values are equal.
        _last = Math.Max((time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds, _last + Tick);
        _series[key] = _last;
    }
}
