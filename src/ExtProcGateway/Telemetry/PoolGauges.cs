using System.Collections.Immutable;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>The metrics of the pools that this gateway sees, read from its views when the page is asked for.</summary>
/// <remarks>
/// The pools' averages are computed anew at most once in <see cref="OperatorOptions.RefreshPrometheusMetricsInterval"/>, the queue of every model server each
/// time. Averages stay what they were while no model server has fresh figures; the number of those that have says so. With a pool its series end, and with a
/// model server those of the server.
/// </remarks>
internal sealed class PoolGauges
{
    private readonly Lock _lock = new();
    private readonly Dictionary<PoolState, Shown> _shown = [];
    private readonly PoolRegistry _pools;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly long _staleness;
    private readonly GaugeFamily _ready;
    private readonly GaugeFamily _endpointQueue;
    private readonly (GaugeFamily Gauge, Func<PoolFigures, double> Figure)[] _figures;

    public PoolGauges(CollectorRegistry registry, PoolRegistry pools, GatewayOptions gateway, OperatorOptions operators, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(gateway);
        ArgumentNullException.ThrowIfNull(operators);
        _pools = pools;
        _time = time;
        _interval = operators.RefreshPrometheusMetricsInterval;
        _staleness = (long)gateway.MetricsStalenessThreshold.TotalMilliseconds;
        var factory = MetricCatalog.FactoryOf(registry);
        _ready = new(MetricCatalog.ReadyEndpoints, factory);
        _endpointQueue = new(MetricCatalog.EndpointQueue, factory);
        _figures =
        [
            (new(MetricCatalog.AverageKvCache, factory), figures => figures.KvUsage),
            (new(MetricCatalog.AverageQueue, factory), figures => figures.Queued),
            (new(MetricCatalog.AverageRunning, factory), figures => figures.Running),
            (new(MetricCatalog.DeviationKvCache, factory), figures => figures.KvUsageDeviation),
            (new(MetricCatalog.DeviationQueue, factory), figures => figures.QueuedDeviation),
            (new(MetricCatalog.DeviationRunning, factory), figures => figures.RunningDeviation),
        ];
        registry.AddBeforeCollectCallback(Update);
    }

    private void Update()
    {
        // Two pages may be written at once.
        lock (_lock)
        {
            var labels = LabelsOf(_pools.Pools);
            foreach (var (pool, shown) in _shown.ToList())
            {
                if (labels.GetValueOrDefault(pool) != shown.Name)
                {
                    Remove(shown);
                    _shown.Remove(pool);
                }
            }

            foreach (var (pool, name) in labels)
            {
                if (pool.View is { } view)
                {
                    if (!_shown.TryGetValue(pool, out var shown))
                    {
                        _shown.Add(pool, shown = new Shown(name));
                    }

                    Show(shown, view);
                }
            }
        }
    }

    /// <summary>The pools that have a view, by what the page calls them: their name, or where two namespaces have a pool of that name, the namespace and the name.</summary>
    internal static Dictionary<PoolState, string> LabelsOf(ImmutableArray<PoolState> pools)
    {
        var labels = new Dictionary<PoolState, string>();
        foreach (var named in pools.Where(pool => pool.View is not null).GroupBy(pool => NameOf(pool.Pool), StringComparer.Ordinal))
        {
            var alone = named.Count() == 1;
            foreach (var pool in named)
            {
                labels.Add(pool, alone ? named.Key : pool.Pool);
            }
        }

        return labels;
    }

    private void Show(Shown shown, PoolView view)
    {
        if (shown.ComputedAt is not { } computedAt || _time.GetElapsedTime(computedAt) >= _interval)
        {
            shown.ComputedAt = _time.GetTimestamp();
            ShowFigures(shown.Name, PoolFigures.Of(view, _time.GetMilliseconds() - _staleness));
        }

        ShowQueues(shown, view);
    }

    private void ShowFigures(string name, in PoolFigures figures)
    {
        _ready.Set(figures.Fresh, name);
        if (figures.Fresh > 0)
        {
            foreach (var (gauge, figure) in _figures)
            {
                gauge.Set(figure(figures), name);
            }
        }
    }

    private void ShowQueues(Shown shown, PoolView view)
    {
        if (!view.Servers.SequenceEqual(shown.Servers))
        {
            var endpoints = new string[view.Count];
            for (var i = 0; i < endpoints.Length; i++)
            {
                endpoints[i] = NameOf(view.Servers[i].Id);
            }

            foreach (var gone in shown.Endpoints.Except(endpoints, StringComparer.Ordinal))
            {
                _endpointQueue.Remove(shown.Name, gone);
            }

            shown.Servers = view.Servers.ToArray();
            shown.Endpoints = endpoints;
        }

        for (var i = 0; i < shown.Endpoints.Length; i++)
        {
            _endpointQueue.Set(view.Queued[i], shown.Name, shown.Endpoints[i]);
        }
    }

    private void Remove(Shown shown)
    {
        _ready.Remove(shown.Name);
        foreach (var (gauge, _) in _figures)
        {
            gauge.Remove(shown.Name);
        }

        foreach (var endpoint in shown.Endpoints)
        {
            _endpointQueue.Remove(shown.Name, endpoint);
        }
    }

    /// <summary>The part behind the namespace.</summary>
    private static string NameOf(string key) => key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>What is on the page of one pool.</summary>
    private sealed class Shown(string name)
    {
        public string Name { get; } = name;

        public long? ComputedAt { get; set; }

        public ModelServer[] Servers { get; set; } = [];

        public string[] Endpoints { get; set; } = [];
    }
}
