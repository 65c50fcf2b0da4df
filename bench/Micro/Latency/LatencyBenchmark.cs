using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Micro.Latency;

/// <summary>Predicting the time to the first token and per token of all servers, scoring them by it, and learning from an answer.</summary>
[MemoryDiagnoser]
public class LatencyBenchmark
{
    private readonly LatencyPredictor _predictor = new();
    private readonly PredictedLatencyProducer _producer = new(new() { StreamingMode = true });
    private readonly LatencyScorer _scorer = new(new());
    private readonly PredictionColumns _columns = new();
    private readonly InferenceRequest _request = new() { BodySize = 8000, Streaming = true, Objectives = new(500, 50) };
    private readonly Random _random = new(1);
    private LatencySample[] _samples = [];
    private PoolView _view = null!;
    private int[] _all = [];
    private int[] _requests = [];
    private long[] _tokens = [];
    private double[] _scores = [];
    private int _next;

    [Params(10, 100, 1_000, 10_000)]
    public int Servers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _all = [.. Enumerable.Range(0, Servers)];
        _requests = [.. _all.Select(i => i % 17)];
        _tokens = [.. _all.Select(i => i % 19 * 500L)];
        _scores = new double[Servers];
        _view = new PoolView(
            "default/pool",
            1,
            [.. _all.Select(i => new ModelServer($"default/pod{i}-rank-0", $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}:8000", FrozenDictionary<string, string>.Empty))],
            new LoadColumns([.. _all.Select(i => i % 7)], [.. _all.Select(i => i % 13)], [.. _all.Select(i => i % 100 / 100.0)], [.. _all.Select(_ => 0L)]),
            [.. _all.Select(_ => LoraState.None)],
            new CacheConfig[Servers]);
        _samples = [.. Enumerable.Range(0, 1024).Select(Sample)];
        foreach (var sample in _samples)
        {
            _predictor.Learn(sample);
        }
    }

    [Benchmark]
    public float Predict() => _producer.Predict(Context(), _predictor, _columns).Ttft[0];

    [Benchmark]
    public double PredictAndScore()
    {
        var context = Context();
        _scorer.Score(context with { Latency = _producer.Predict(context, _predictor, _columns) }, _all, _scores);
        return _scores[0];
    }

    [Benchmark]
    public void Learn()
    {
        var sample = _samples[_next++ % _samples.Length];
        _predictor.Learn(sample);
    }

    private PickContext Context() => new(_view, _request, 0, _random) { InFlight = new(_requests, _tokens) };

    private LatencySample Sample(int i)
    {
        _request.BodySize = _random.Next(400, 32_000);
        var server = _random.Next(Servers);
        var features = LatencyFeatures.Of(Context(), server);
        return new LatencySample
        {
            Features = features,
            Streamed = true,
            Ttft = 40 + (_request.BodySize * 0.005) + (30 * _view.Queued[server]) + (0.015 * _tokens[server]) + _random.NextDouble(),
            Tpot = 8 + (0.06 * _view.Running[server]) + (0.1 * _random.NextDouble()),
            At = i * 10,
        };
    }
}
