using System.Runtime.InteropServices;
using Orleans.Inference.Bench.Simulation.Workloads;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scorers;

namespace Orleans.Inference.Bench.Simulation.Strategies;

/// <summary>The product's own decision, by an <c>EndpointPickerConfig</c>: its scheduler, its hashing, its prefix index.</summary>
internal sealed class ConfiguredStrategy : IStrategy
{
    /// <summary>What requests without an adapter ask for.</summary>
    public const string BaseModel = "base-model";

    private readonly PickerConfiguration _configuration;
    private readonly PrefixCacheOptions? _prefix;
    private readonly NoHitLruScorer? _noHitLru;
    private readonly Random _random;
    private readonly PrefixIndex _index = new();
    private readonly PrefixHashes _hashes = new();
    private readonly PrefixMatch _match = new();
    private readonly PickScratch _scratch = new();
    private readonly InferenceRequest _request = new();
    private readonly LoadEstimate _load = new();
    private readonly PredictedLatencyProducer? _latency;
    private readonly LatencyPredictor _predictor = new();
    private readonly PredictionColumns _predictions = new();
    private readonly Dictionary<int, SentRequest> _sent = [];

    public ConfiguredStrategy(PickerConfiguration configuration, Random random)
    {
        _configuration = configuration;
        _prefix = (configuration.Consumes & PluginData.PrefixMatch) != 0 ? configuration.Find<ApproxPrefixCacheProducer>()!.Options : null;
        _latency = configuration.Find<PredictedLatencyProducer>();
        _noHitLru = configuration.Find<NoHitLruScorer>();
        _random = random;
    }

    public int Pick(in Arrival arrival)
    {
        var view = arrival.View;
        _request.TargetModel = arrival.Request.Adapter ?? BaseModel;
        _request.PromptTokens = arrival.Prompt.Length;
        _request.Streaming = true;
        Match(arrival);
        var allowed = _scratch.Allowed(view.Count);
        for (var i = 0; i < allowed.Length; i++)
        {
            allowed[i] = i;
        }

        var now = (long)arrival.Now.TotalMilliseconds;
        _load.Fill(view, allowed, now);
        var known = new PickContext(view, _request, now, _random, _prefix is null ? null : _match)
        {
            Load = _load,
            InFlight = _load.InFlight,
        };
        var context = _latency is null ? known : known with { Latency = _latency.Predict(known, _predictor, _predictions) };

        var outcome = _configuration.Scheduler.Pick(context, allowed, _scratch, out var picks);
        if (outcome != PickOutcome.Picked)
        {
            throw new InvalidOperationException($"The configuration refused a request: {outcome}.");
        }

        Sent(arrival, context, picks[0]);
        return picks[0];
    }

    public void Answering(SimulatedRequest request, int server, TimeSpan now)
    {
        var sent = _sent[request.Index];
        sent.Booking.ReleasePrompt();
        sent.AnsweredFrom = now;
    }

    public void Answered(SimulatedRequest request, int server, TimeSpan now)
    {
        _sent.Remove(request.Index, out var sent);
        sent!.Booking.Release();
        if (_latency is null)
        {
            return;
        }

        _predictor.Learn(new LatencySample
        {
            Features = sent.Features,
            Streamed = true,
            Ttft = (sent.AnsweredFrom - sent.At).TotalMilliseconds,
            Tpot = request.OutputTokens > 1 ? (now - sent.AnsweredFrom).TotalMilliseconds / (request.OutputTokens - 1) : double.NaN,
            At = (long)now.TotalMilliseconds,
        });
    }

    private void Match(in Arrival arrival)
    {
        if (_prefix is null)
        {
            return;
        }

        var blockTokens = _prefix.BlockTokens(arrival.View.Cache[0]);
        var hasher = new PrefixHasher(_hashes, _prefix.Rule, PrefixHasher.Seed(_request.TargetModel, []), blockTokens, _prefix.MaxBlocks(blockTokens));
        hasher.Append(MemoryMarshal.Cast<int, uint>(arrival.Prompt));
        hasher.EndPrompt();
        _index.Match(_hashes, _match);
    }

    private void Sent(in Arrival arrival, in PickContext context, int server)
    {
        var number = arrival.View.Numbers[server];
        var cached = 0;
        if (_prefix is not null)
        {
            cached = Math.Min(arrival.Prompt.Length, _match.Blocks(number) * _match.BlockTokens);
            _noHitLru?.Sent(_match, arrival.View.Pool, number);
            _index.Add(number, _prefix.Capacity(arrival.View.Cache[server]), _hashes.Chain(0));
        }

        // Of the prompt, what the server has to compute.
        _sent.Add(arrival.Request.Index, new SentRequest
        {
            At = arrival.Now,
            Features = _latency is null ? default : LatencyFeatures.Of(context, server),
            Booking = arrival.View.InFlight[server].Book(arrival.Prompt.Length - cached, (long)arrival.Now.TotalMilliseconds),
        });
    }

    private sealed class SentRequest
    {
        /// <summary>Not read-only: giving back changes it.</summary>
        public InFlightBooking Booking;

        public required TimeSpan At { get; init; }

        /// <summary>When the first token of the answer came.</summary>
        public TimeSpan AnsweredFrom { get; set; }

        public required LatencyFeatures Features { get; init; }
    }
}
