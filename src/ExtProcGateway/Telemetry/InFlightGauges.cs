using System.Globalization;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.InFlight;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>What this picker has in flight on each model server, by fairness id and priority; read from the servers' bookings when the page is asked for.</summary>
/// <remarks>
/// <para>
/// A series begins when a page finds requests in flight for it, is 0 while there are none, and ends <see cref="Kept"/> after the last page that found some, or with its server: so there are
/// about as many as there were servers and fairness ids together lately. Beyond <see cref="SeriesLimit"/> further ones are counted under fairness id <c>other</c> of their server.
/// </para>
/// <para>The ranks of a pod are one endpoint, and so is a pod that two pools have.</para>
/// </remarks>
internal sealed class InFlightGauges
{
    /// <summary>Series of servers and fairness ids, for each of the two metrics.</summary>
    public const int SeriesLimit = 20_000;

    /// <summary>What the reference picker's producer is called where it is given no name.</summary>
    private const string Producer = "inflight-load-producer";

    /// <summary>As long as Prometheus itself goes on with the last value of a series that has ended.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Shown> _shown = [];
    private readonly Dictionary<PoolState, Endpoints> _endpoints = [];
    private readonly HashSet<Endpoint> _present = [];
    private readonly List<FlowLoad> _flows = [];
    private readonly PoolRegistry _pools;
    private readonly TimeProvider _time;
    private readonly GaugeFamily _requests;
    private readonly GaugeFamily _tokens;

    public InFlightGauges(CollectorRegistry registry, PoolRegistry pools, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(registry);
        _pools = pools;
        _time = time;
        var factory = MetricCatalog.FactoryOf(registry);
        _requests = new(MetricCatalog.InFlightRequests, factory);
        _tokens = new(MetricCatalog.InFlightTokens, factory);
        registry.AddBeforeCollectCallback(Update);
    }

    private void Update()
    {
        // Two pages may be written at once.
        lock (_lock)
        {
            foreach (var shown in _shown.Values)
            {
                (shown.Requests, shown.Tokens) = (0, 0);
            }

            _present.Clear();
            var pools = _pools.Pools;
            foreach (var pool in pools)
            {
                if (pool.View is { } view)
                {
                    Count(pool, view);
                }
            }

            foreach (var gone in _endpoints.Keys.Where(pool => pool.View is null || !pools.Contains(pool)).ToList())
            {
                _endpoints.Remove(gone);
            }

            var now = _time.GetTimestamp();
            foreach (var (key, shown) in _shown)
            {
                Show(key, shown, now);
            }
        }
    }

    private void Count(PoolState pool, PoolView view)
    {
        if (!_endpoints.TryGetValue(pool, out var endpoints) || !view.Servers.SequenceEqual(endpoints.Servers))
        {
            _endpoints[pool] = endpoints = new Endpoints(view);
        }

        _present.UnionWith(endpoints.Names);
        var loads = view.InFlight;
        for (var i = 0; i < loads.Length; i++)
        {
            _flows.Clear();
            loads[i].CopyFlowsTo(_flows);
            foreach (var flow in _flows)
            {
                var shown = Find(new Key(endpoints.Names[i], flow.Flow.FairnessId, flow.Flow.Priority));
                shown.Requests += flow.Requests;
                shown.Tokens += flow.Tokens;
            }
        }
    }

    private Shown Find(Key key)
    {
        if (_shown.TryGetValue(key, out var shown))
        {
            return shown;
        }

        if (_shown.Count >= SeriesLimit)
        {
            key = key with { FairnessId = LabelCap.Other };
            if (_shown.TryGetValue(key, out shown))
            {
                return shown;
            }
        }

        _shown.Add(key, shown = new Shown(
            [key.Endpoint.Name, key.Endpoint.Namespace, Producer, key.FairnessId, key.Priority.ToString(CultureInfo.InvariantCulture)]));
        return shown;
    }

    private void Show(Key key, Shown shown, long now)
    {
        if (shown.Requests > 0)
        {
            shown.BusyAt = now;
        }
        else if (!_present.Contains(key.Endpoint) || _time.GetElapsedTime(shown.BusyAt, now) >= Kept)
        {
            _requests.Remove(shown.Labels);
            _tokens.Remove(shown.Labels);
            _shown.Remove(key);
            return;
        }

        _requests.Set(shown.Requests, shown.Labels);
        _tokens.Set(shown.Tokens, shown.Labels);
    }

    private readonly record struct Endpoint(string Name, string Namespace);

    private readonly record struct Key(Endpoint Endpoint, string FairnessId, int Priority);

    /// <summary>What the page calls the servers of one view: worked out anew only for others.</summary>
    private sealed class Endpoints
    {
        public Endpoints(PoolView view)
        {
            Servers = view.Servers.ToArray();
            Names = Array.ConvertAll(Servers, server =>
            {
                var labels = EndpointLabels.Of(server);
                return new Endpoint(labels.Name, labels.Namespace);
            });
        }

        public ModelServer[] Servers { get; }

        public Endpoint[] Names { get; }
    }

    /// <summary>What is on the page of one server and flow.</summary>
    private sealed class Shown(string[] labels)
    {
        public string[] Labels { get; } = labels;

        public int Requests { get; set; }

        public long Tokens { get; set; }

        public long BusyAt { get; set; }
    }
}
