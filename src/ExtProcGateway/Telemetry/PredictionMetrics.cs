using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking.Latency;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>How well the latencies of the pools are predicted, read from their predictors when the page is asked for.</summary>
/// <remarks>A pool has series from its first answer that was looked at; with the pool they end.</remarks>
internal sealed class PredictionMetrics
{
    private readonly Lock _lock = new();
    private readonly Dictionary<PoolState, (string Name, PredictorFigures Told)> _shown = [];
    private readonly PoolRegistry _pools;
    private readonly GaugeFamily _error;
    private readonly CounterFamily _samples;

    public PredictionMetrics(CollectorRegistry registry, PoolRegistry pools)
    {
        ArgumentNullException.ThrowIfNull(registry);
        _pools = pools;
        var factory = MetricCatalog.FactoryOf(registry);
        _error = new(MetricCatalog.PredictionError, factory);
        _samples = new(MetricCatalog.PredictionSamples, factory);
        registry.AddBeforeCollectCallback(Update);
    }

    private void Update()
    {
        // Two pages may be written at once.
        lock (_lock)
        {
            var names = PoolGauges.LabelsOf(_pools.Pools);
            foreach (var (pool, (name, _)) in _shown.Where(shown => names.GetValueOrDefault(shown.Key) != shown.Value.Name).ToList())
            {
                _shown.Remove(pool);
                Remove(name);
            }

            foreach (var (pool, name) in names)
            {
                var figures = pool.Memory.Latency.Figures;
                if (figures.Samples + figures.Rejected > 0)
                {
                    Show(name, figures, _shown.TryGetValue(pool, out var shown) ? shown.Told : null);
                    _shown[pool] = (name, figures);
                }
            }
        }
    }

    private void Show(string name, PredictorFigures figures, PredictorFigures? told)
    {
        _samples.Add(figures.Samples - (told?.Samples ?? 0), name, "learned");
        _samples.Add(figures.Rejected - (told?.Rejected ?? 0), name, "rejected");
        ShowError(figures.TtftError, name, "ttft");
        ShowError(figures.TpotError, name, "tpot");
        ShowError(figures.WholeError, name, "whole");
    }

    private void ShowError(double error, string name, string latency)
    {
        if (!double.IsNaN(error))
        {
            _error.Set(error, name, latency);
        }
    }

    private void Remove(string name)
    {
        _error.Remove(name, "ttft");
        _error.Remove(name, "tpot");
        _error.Remove(name, "whole");
        _samples.Remove(name, "learned");
        _samples.Remove(name, "rejected");
    }
}
