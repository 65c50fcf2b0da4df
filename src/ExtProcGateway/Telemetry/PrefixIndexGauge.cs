using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking.Configuration;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>How much the prefix indexes of all pools hold, read from them when the page is asked for.</summary>
/// <remarks>A series for each producer of the configuration, from what was sent and from the servers' own events; none while no plugin asks who holds a prompt.</remarks>
internal sealed class PrefixIndexGauge
{
    private readonly Lock _lock = new();
    private readonly PoolRegistry _pools;
    private readonly ActiveConfiguration _active;
    private readonly GaugeFamily _size;
    private PluginInstance? _shown;
    private PluginInstance? _shownEvents;

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
            Show_NeedsLock(ref _shown, _active.Current.PrefixProducer, static memory => memory.Prefix.Pairs);
            Show_NeedsLock(ref _shownEvents, _active.Current.EventsProducer, static memory => memory.Events.Index.Pairs);
        }
    }

    private void Show_NeedsLock(ref PluginInstance? shown, PluginInstance? producer, Func<PoolMemory, long> pairsOf)
    {
        if (shown is not null && shown.Name != producer?.Name)
        {
            _size.Remove(LabelsOf(shown));
        }

        shown = producer;
        if (producer is not null)
        {
            var pairs = 0L;
            foreach (var pool in _pools.Pools)
            {
                pairs += pairsOf(pool.Memory);
            }

            _size.Set(pairs, LabelsOf(producer));
        }
    }

    private static string[] LabelsOf(PluginInstance plugin) => [plugin.Name, plugin.Definition.Type];
}
