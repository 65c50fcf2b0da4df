using System.Runtime.InteropServices;
using Orleans.Inference.Bench.Simulation.Workloads;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Configuration;
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
    private readonly int[] _requestsInFlight;
    private readonly long[] _tokensInFlight;
    private readonly Dictionary<int, int> _tokensOfRequest = [];

    public ConfiguredStrategy(PickerConfiguration configuration, Random random, int servers)
    {
        _configuration = configuration;
        _prefix = (configuration.Consumes & PluginData.PrefixMatch) != 0 ? configuration.Find<ApproxPrefixCacheProducer>()!.Options : null;
        _noHitLru = configuration.Find<NoHitLruScorer>();
        _random = random;
        _requestsInFlight = new int[servers];
        _tokensInFlight = new long[servers];
    }

    public int Pick(in Arrival arrival)
    {
        var view = arrival.View;
        _request.TargetModel = arrival.Request.Adapter ?? BaseModel;
        Match(arrival);
        var context = new PickContext(view, _request, (long)arrival.Now.TotalMilliseconds, _random, _prefix is null ? null : _match)
        {
            InFlight = new InFlightLoad(_requestsInFlight, _tokensInFlight),
        };
        var allowed = _scratch.Allowed(view.Count);
        for (var i = 0; i < allowed.Length; i++)
        {
            allowed[i] = i;
        }

        var outcome = _configuration.Scheduler.Pick(context, allowed, _scratch, out var picks);
        if (outcome != PickOutcome.Picked)
        {
            throw new InvalidOperationException($"The configuration refused a request: {outcome}.");
        }

        Sent(arrival, picks[0]);
        return picks[0];
    }

    public void Answering(SimulatedRequest request, int server, TimeSpan now)
    {
        _tokensOfRequest.Remove(request.Index, out var tokens);
        _tokensInFlight[server] -= tokens;
    }

    public void Answered(SimulatedRequest request, int server, TimeSpan now) => _requestsInFlight[server]--;

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

    private void Sent(in Arrival arrival, int server)
    {
        var number = arrival.View.Numbers[server];
        var cached = 0;
        if (_prefix is not null)
        {
            cached = Math.Min(arrival.Prompt.Length, _match.Blocks(number) * _match.BlockTokens);
            _noHitLru?.Sent(_match, number);
            _index.Add(number, _prefix.Capacity(arrival.View.Cache[server]), _hashes.Chain(0));
        }

        // As inflight-load-producer counts: tokens that are to be computed, until the answer begins.
        var tokens = arrival.Prompt.Length - cached;
        _tokensOfRequest.Add(arrival.Request.Index, tokens);
        _tokensInFlight[server] += tokens;
        _requestsInFlight[server]++;
    }
}
