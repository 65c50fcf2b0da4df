using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Micro;

/// <summary>One decision: fresh filter, queue, KV-cache and LoRA scorers, best score with random ties.</summary>
[MemoryDiagnoser]
public class PickBenchmark
{
    private readonly PickScratch _scratch = new();
    private readonly Random _random = new(1);
    private readonly InferenceRequest _request = new() { TargetModel = "adapter-3" };
    private readonly Scheduler _scheduler = DefaultSchedulers.Create(TimeSpan.FromSeconds(2));
    private PoolView _view = null!;
    private int[] _all = [];

    [Params(10, 100, 1_000, 10_000)]
    public int Servers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _all = [.. Enumerable.Range(0, Servers)];
        _view = new PoolView(
            "default/pool",
            1,
            [.. _all.Select(i => new ModelServer($"default/pod{i}-rank-0", $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}:8000", FrozenDictionary<string, string>.Empty))],
            new LoadColumns([.. _all.Select(i => i % 7)], [.. _all.Select(i => i % 13)], [.. _all.Select(i => i % 100 / 100.0)], [.. _all.Select(_ => 0L)]),
            [.. _all.Select(i => new LoraState([$"adapter-{i % 8}", $"adapter-{(i + 1) % 8}"], [], 3))],
            new CacheConfig[Servers]);
    }

    [Benchmark]
    public int Pick()
    {
        _scheduler.Pick(new PickContext(_view, _request, 0, _random), _all, _scratch, out var picks);
        return picks[0];
    }
}
