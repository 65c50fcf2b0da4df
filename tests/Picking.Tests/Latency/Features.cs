using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Tests.Latency;

/// <summary>Loads and requests of a made-up pool, whose latencies follow a law that is known.</summary>
internal sealed class Features(int seed)
{
    private readonly Random _random = new(seed);

    public Random Random => _random;

    /// <summary>Features that move as in a pool: KV usage, batch, queue and what is in flight rise and fall together, with some play.</summary>
    public LatencyFeatures Next(bool streaming = true)
    {
        var load = _random.NextDouble();
        var view = new ViewBuilder().Add(
            queued: load > 0.8 ? _random.Next(0, 20) : 0,
            kv: Math.Clamp(load + (0.1 * (_random.NextDouble() - 0.5)), 0, 1),
            running: (int)((60 * load) + (10 * _random.NextDouble()))).Build();
        var request = new InferenceRequest { BodySize = _random.Next(400, 32_000), Streaming = streaming, MaxOutputTokens = _random.Next(1, 1000) };
        var context = new PickContext(view, request, 0, _random)
        {
            InFlight = new([_random.Next(0, 1 + (int)(60 * load))], [_random.Next(0, 1 + (int)(30_000 * load))]),
        };
        return LatencyFeatures.Of(context, 0);
    }

    /// <summary>40 ms, 20 ms for each thousand tokens to compute, 15 ms for each thousand in flight, 30 ms for each request waiting, 50 ms for a full cache.</summary>
    public static double Ttft(in LatencyFeatures features) =>
        40 + (20 * features[LatencyFeatures.Uncached]) + (15 * features[LatencyFeatures.Tokens]) + (300 * features[LatencyFeatures.Waiting]) + (50 * features[LatencyFeatures.KvUsage]);

    /// <summary>8 ms, and 0.06 ms for each request running.</summary>
    public static double Tpot(in LatencyFeatures features) => 8 + (0.6 * features[LatencyFeatures.Running]);
}
