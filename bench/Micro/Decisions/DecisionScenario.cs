using System.Collections.Frozen;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.Picking.Pickers;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scorers;

namespace Orleans.Inference.Micro.Decisions;

/// <summary>
/// Decisions for requests of 110 blocks, of which every server holds 94 and a few hold more, for one of eight adapters that are on two servers out of eight, in a pool with loads all over the range; each
/// decision is what the front-end does: the candidates, the estimate of their load, the prefix match, the profile with fresh filter, queue, KV-cache, prefix and LoRA scorers and the best score.
/// </summary>
internal sealed class DecisionScenario
{
    private const int Shared = 94;
    private const int Blocks = 110;
    private const int Requests = 256;

    /// <summary>When the figures were read, and when all decisions are made.</summary>
    private const long Now = 0;

    private readonly PickScratch _scratch = new();
    private readonly LoadEstimate _load = new();
    private readonly Random _random = new(1);
    private readonly PrefixMatch _match = new();
    private readonly PrefixHashes[] _hashes = new PrefixHashes[Requests];
    private readonly PrefixIndex _index = new();
    private readonly InferenceRequest _request = new();
    private readonly PoolView _view;
    private readonly double[] _scores;
    private readonly double[] _totals;
    private readonly int[] _candidates;
    private readonly int[] _picks = new int[1];
    private readonly Scheduler _scheduler = new(
        new SingleProfileHandler(),
        [
            new SchedulingProfile(
                "default",
                [new Picking.Filters.FreshFilter(TimeSpan.FromSeconds(2))],
                [
                    new WeightedScorer(new QueueScorer(), 2),
                    new WeightedScorer(new KvCacheUtilizationScorer(), 2),
                    new WeightedScorer(new PrefixCacheScorer(), 3),
                    new WeightedScorer(new LoraAffinityScorer(), 1),
                ],
                new MaxScorePicker()),
        ]);

    private int _next;
    private bool _indexed;

    /// <param name="equal">All servers report the same load.</param>
    public DecisionScenario(int servers, bool equal = false)
    {
        int[] all = [.. Enumerable.Range(0, servers)];
        _view = new PoolView(
            "default/pool",
            1,
            [.. all.Select(i => new ModelServer($"default/pod{i}-rank-0", $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}:8000", FrozenDictionary<string, string>.Empty))],
            equal
                ? new LoadColumns(new int[servers], new int[servers], new double[servers], new long[servers])
                : new LoadColumns([.. all.Select(_ => _random.Next(20))], [.. all.Select(_ => _random.Next(64))], [.. all.Select(_ => _random.NextDouble())], new long[servers]),
            [.. all.Select(i => new LoraState([Adapters[i % 8], Adapters[(i + 1) % 8]], [], 3))],
            new CacheConfig[servers]);
        _candidates = all;
        _scores = new double[servers];
        _totals = [.. all.Select(_ => _random.NextDouble())];
    }

    /// <summary>The servers' shares of what all requests begin with differ.</summary>
    public bool Staggered { get; init; }

    /// <summary>The gateway lets the requests go to every second server only.</summary>
    public bool Half { get; init; }

    /// <summary>The adapter that is asked for; another object than the servers' names, as in a process.</summary>
    public string Adapter { get; init; } = new("adapter-3".AsSpan());

    private static string[] Adapters { get; } = [.. Enumerable.Range(0, 8).Select(i => $"adapter-{i}")];

    /// <summary>All of it.</summary>
    public void Decide()
    {
        var allowed = _scratch.Allowed(_view.Count);
        var count = 0;
        for (var i = 0; i < allowed.Length; i += Half ? 2 : 1)
        {
            allowed[count++] = i;
        }

        allowed = allowed[..count];
        _load.Fill(_view, allowed, Now);
        Match();
        _scheduler.Pick(Context(), allowed, _scratch, out _);
    }

    public void Estimate() => _load.Fill(_view, _candidates, Now);

    public void Match()
    {
        Prepare();
        _index.Match(_hashes[_next++ % Requests], _match);
    }

    public Action Filter(IFilter filter)
    {
        Estimate();
        return () => filter.Keep(Context(), _candidates);
    }

    public Action Score(IScorer scorer)
    {
        Estimate();
        Match();
        return () => scorer.Score(Context(), _candidates, _scores);
    }

    public Action Pick(IPicker picker) => () => picker.Pick(Context(), _candidates, _totals, _picks);

    private PickContext Context()
    {
        _request.TargetModel = Adapter;
        return new(_view, _request, Now, _random, _match) { Load = _load, InFlight = _load.InFlight };
    }

    private void Prepare()
    {
        if (_indexed)
        {
            return;
        }

        _indexed = true;
        var hashes = new PrefixHashes();
        for (var server = 0; server < _view.Count; server++)
        {
            Hash(hashes, Staggered ? server : 0, server);
            _index.Add(server, 31_250, hashes.Chain(0));
        }

        for (var i = 0; i < Requests; i++)
        {
            _hashes[i] = new PrefixHashes();
            Hash(_hashes[i], 0, _random.Next(_view.Count));
        }
    }

    /// <summary>What all begin with, up to where <paramref name="variant"/> lets it differ, and a conversation's own blocks.</summary>
    private static void Hash(PrefixHashes hashes, int variant, int conversation)
    {
        Span<uint> block = stackalloc uint[64];
        var hasher = new PrefixHasher(hashes, PrefixHashRule.Tokens, 1, 64, int.MaxValue);
        for (var i = 0; i < Blocks; i++)
        {
            block.Fill((uint)(i >= Shared ? 1_000 + conversation : i < Shared - (variant % Shared) ? 0 : variant));
            hasher.Append(block);
        }

        hasher.EndPrompt();
    }
}
