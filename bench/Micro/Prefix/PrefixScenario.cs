using System.Collections.Frozen;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Filters;
using Orleans.Inference.Picking.Pickers;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scorers;

namespace Orleans.Inference.Micro.Prefix;

/// <summary>
/// Requests of 110 blocks (28 KB of prompt) to a pool in which every server holds a system prompt of 94 blocks, or as much of it as it shares, and has had 200 conversations of 16 blocks more.
/// </summary>
internal sealed class PrefixScenario
{
    private const int Shared = 94;
    private const int Own = 16;
    private const int Conversations = 200;
    private const int Requests = 1024;

    private readonly PickScratch _scratch = new();
    private readonly Random _random = new(1);
    private readonly InferenceRequest _request = new() { TargetModel = "adapter-3" };
    private readonly PrefixMatch _match = new();
    private readonly PrefixHashes[] _hashes = new PrefixHashes[Requests];
    private readonly Scheduler _scheduler = new(
        new SingleProfileHandler(),
        [
            new SchedulingProfile(
                "default",
                [new FreshFilter(TimeSpan.FromSeconds(2))],
                [
                    new WeightedScorer(new QueueScorer(), 2),
                    new WeightedScorer(new KvCacheUtilizationScorer(), 2),
                    new WeightedScorer(new PrefixCacheScorer(), 3),
                    new WeightedScorer(new LoraAffinityScorer(), 1),
                ],
                new MaxScorePicker()),
        ]);

    private readonly PrefixIndex _index = new();
    private readonly PoolView _view;
    private readonly int[] _all;
    private int _next;

    /// <param name="staggered">Whether the servers' shares of the system prompt differ: 94 groups of servers instead of one.</param>
    public PrefixScenario(int servers, bool staggered)
    {
        _all = [.. Enumerable.Range(0, servers)];
        _view = new PoolView(
            "default/pool",
            1,
            [.. _all.Select(i => new ModelServer($"default/pod{i}-rank-0", $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}:8000", FrozenDictionary<string, string>.Empty))],
            new LoadColumns([.. _all.Select(i => i % 7)], [.. _all.Select(i => i % 13)], [.. _all.Select(i => i % 100 / 100.0)], [.. _all.Select(_ => 0L)]),
            [.. _all.Select(i => new LoraState([$"adapter-{i % 8}", $"adapter-{(i + 1) % 8}"], [], 3))],
            new CacheConfig[servers],
            _all);
        var hashes = new PrefixHashes();
        foreach (var server in _all)
        {
            for (var conversation = 0; conversation < Conversations; conversation++)
            {
                Hash(hashes, staggered ? server : 0, (server * Conversations) + conversation);
                _index.Add(server, 31_250, hashes.Chain(0));
            }
        }

        var random = new Random(2);
        for (var i = 0; i < Requests; i++)
        {
            _hashes[i] = new PrefixHashes();
            Hash(_hashes[i], 0, random.Next(servers * Conversations));
        }
    }

    /// <summary>The match alone.</summary>
    public void Match()
    {
        _index.Match(_hashes[_next++ % Requests], _match);
    }

    /// <summary>The match, and the decision with queue, KV-cache, prefix and LoRA scorers.</summary>
    public void Pick()
    {
        _index.Match(_hashes[_next++ % Requests], _match);
        _scheduler.Pick(new PickContext(_view, _request, 0, _random, _match), _all, _scratch, out _);
    }

    /// <summary>The addition of a request to a server that has it: 110 look-ups.</summary>
    public void Add()
    {
        var request = _next++ % Requests;
        _index.Add(request % _all.Length, 31_250, _hashes[request].Chain(0));
    }

    /// <summary>The system prompt, up to where <paramref name="variant"/> lets it differ, and a conversation's own blocks.</summary>
    private static void Hash(PrefixHashes hashes, int variant, int conversation)
    {
        Span<uint> block = stackalloc uint[64];
        var hasher = new PrefixHasher(hashes, PrefixHashRule.Tokens, 1, 64, int.MaxValue);
        for (var i = 0; i < Shared + Own; i++)
        {
            block.Fill((uint)(i >= Shared ? 1_000 + conversation : i < Shared - (variant % Shared) ? 0 : variant));
            hasher.Append(block);
        }

        hasher.EndPrompt();
    }
}
