using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking.Configuration;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>How much the prefix indexes of all pools hold, read from them when the page is asked for.</summary>
/// <remarks>There is one series, that of the configuration's producer, and none while no plugin asks who holds a prompt.</remarks>
internal sealed class PrefixIndexGauge
{
    private readonly Lock _lock = new();
    private readonly PoolRegistry _pools;
    private readonly ActiveConfiguration _active;
    private readonly GaugeFamily _size;
    private PluginInstance? _shown;

    public PrefixIndexGauge(CollectorRegistry registry, PoolRegistry pools, ActiveConfiguration active)
    {
        ArgumentNullException.ThrowIfNull(registry);
        _pools = pools;
        _active = active;
        _size = new(MetricCatalog.PrefixIndexSize, MetricCatalog.FactoryOf(registry));
        registry.AddBeforeCollectCallback(Update);
    }

    private void Update()
    {
        // Two pages may be written at once.
        lock (_lock)
        {
            var producer = _active.Current.PrefixProducer;
            if (_shown is { } shown && shown.Name != producer?.Name)
            {
                _size.Remove(LabelsOf(shown));
            }

            _shown = producer;
            if (producer is not null)
            {
                var pairs = 0L;
                foreach (var pool in _pools.Pools)
                {
                    pairs += pool.Memory.Prefix.Pairs;
                }

                _size.Set(pairs, LabelsOf(producer));
            }
        }
    }

    private static string[] LabelsOf(PluginInstance plugin) => [plugin.Name, plugin.Definition.Type];
}
