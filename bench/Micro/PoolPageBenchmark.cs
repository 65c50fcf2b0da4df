using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Telemetry;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.InFlight;
using Prometheus;

namespace Orleans.Inference.Micro;

/// <summary>Writing the metrics page of a gateway with one pool, each of whose servers was picked once and has a request in flight.</summary>
[MemoryDiagnoser]
public class PoolPageBenchmark
{
    private CollectorRegistry _registry = null!;

    [Params(100, 10_000)]
    public int Servers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var options = new GatewayOptions();
        var pools = new PoolRegistry(options, TimeProvider.System);
        pools.Update([new PoolSpec { Namespace = "default", Name = "pool", TargetPorts = [8000] }]);
        int[] all = [.. Enumerable.Range(0, Servers)];
        ModelServer[] servers = [.. all.Select(i => new ModelServer($"default/pod{i}-rank-0", $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}:8000", FrozenDictionary<string, string>.Empty))];
        pools.Find("default/pool")!.View = new PoolView(
            "default/pool",
            1,
            servers,
            new LoadColumns([.. all.Select(i => i % 7)], [.. all.Select(i => i % 13)], [.. all.Select(i => i % 100 / 100.0)], [.. all.Select(_ => TimeProvider.System.GetMilliseconds())]),
            [.. all.Select(_ => LoraState.None)],
            new CacheConfig[Servers]);
        _registry = Metrics.NewCustomRegistry();
        _ = new PoolGauges(_registry, pools, options, new OperatorOptions(), TimeProvider.System);
        _ = new InFlightGauges(_registry, pools, TimeProvider.System);
        var picker = new PickerMetrics(_registry, new RequestMetrics(_registry, pools), pools, options);
        foreach (var server in servers)
        {
            picker.SchedulerSucceeded("model", server);
        }

        // What is in flight is of eight tenants, one on each server.
        InFlightFlow[] flows = [.. Enumerable.Range(0, 8).Select(i => new InFlightFlow($"tenant-{i}", 0))];
        foreach (var i in all)
        {
            pools.Find("default/pool")!.View!.InFlight[i].Book(100, now: 0, flows[i % flows.Length]);
        }
    }

    [Benchmark]
    public Task Page() => _registry.CollectAndExportAsTextAsync(Stream.Null);
}
